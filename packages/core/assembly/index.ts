/**
 * The engine's door. Sizes are in pages, offsets and lengths in bytes; a negative result is a status
 * of layout/status.ts. No 64-bit integer crosses: images in linear memory stay below 4 GiB.
 */
import { ABI_VERSION } from "../layout/abi";
import { MAX_MEMORIES } from "../layout/manager";
import * as image from "./image";
import * as manager from "./manager";

export function abi(): i32 {
  return ABI_VERSION;
}

export function imageSize(): u32 {
  return image.size();
}

export function imageGrow(pages: u32): i32 {
  return image.grow(pages);
}

export function imageSetLimit(pages: u32): void {
  image.setLimit(pages);
}

export function managerCreate(bucketSizeInPages: u32): i32 {
  return manager.create(bucketSizeInPages);
}

export function managerOpen(): i32 {
  return manager.open();
}

export function managerSize(id: u32): u32 {
  return id < <u32>MAX_MEMORIES ? manager.sizeOf(id) : 0;
}

export function managerGrow(id: u32, pages: u32): i32 {
  return manager.grow(id, pages);
}

export function managerTranslate(id: u32, offset: u32, length: u32): usize {
  return manager.translate(id, offset, length);
}

export function managerRead(id: u32, offset: u32, target: usize, length: u32): i32 {
  return manager.read(id, offset, target, length);
}

export function managerWrite(id: u32, offset: u32, source: usize, length: u32): i32 {
  return manager.write(id, offset, source, length);
}

/** Takes the place of `env.abort`: a failed assertion of a debug build traps. */
export function onAbort(message: usize, file: usize, line: u32, column: u32): void {
  unreachable();
}
