import type { ByteReader, ByteWriter } from "./streams.js";

/** Bytes of a chunk: one page. */
const CHUNK_SIZE = 65_536;

/**
 * The bytes of `reader` as a web stream, read as they are asked for, in chunks of at most `chunkSize`
 * bytes: to a `CompressionStream`, a `Response`, a file.
 */
export function toReadableStream(
  reader: ByteReader,
  chunkSize = CHUNK_SIZE,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = new Uint8Array(chunkSize);
        const length = reader.read(chunk);
        if (length === 0) controller.close();
        else controller.enqueue(chunk.subarray(0, length));
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A web stream that writes its chunks to `writer` and flushes at its end. A refused write, such as
 * `STABLE_GROW_FAILED`, fails the stream.
 */
export function toWritableStream(writer: ByteWriter): WritableStream<Uint8Array> {
  return new WritableStream({
    write(chunk) {
      writer.write(chunk);
    },
    close() {
      writer.flush();
    },
  });
}
