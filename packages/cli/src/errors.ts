import { StableStructuresError } from "stable-structures";

/** Codes of what the command itself refuses; the library has its own. `docs/cli.md` lists them. */
type CommandErrorCode = "STABLE_CANNOT_READ" | "STABLE_CANNOT_UNPACK" | "STABLE_USAGE";

/** A refusal: what went wrong, and what to do next. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly code: CommandErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path",
  ENOTDIR: "a part of the path is no folder; check the path",
  EACCES: "permission was denied; run this as a user who may read it",
  EPERM: "permission was denied; run this as a user who may read it",
  EISDIR: "it is a folder; name the image inside it, such as stable_memory.bin of a snapshot",
  EIO: "the device failed; copy the image to another one",
};

/** A failure of the operating system as a refusal. */
export function cannotRead(path: string, cause: unknown): CommandError {
  const code = String((cause as NodeJS.ErrnoException | undefined)?.code);
  const reason = REASONS[code] ?? `${messageOf(cause)}; check the file`;
  return new CommandError("STABLE_CANNOT_READ", `cannot read ${path}: ${reason}`, { cause });
}

/** True for an error of the operating system. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** An error as the one line that the command prints. */
export function lineOf(error: unknown): string {
  const isCoded = error instanceof CommandError || error instanceof StableStructuresError;
  if (isCoded) return `${error.code}: ${error.message}`;
  return `STABLE_UNEXPECTED: ${messageOf(error)}; this is a mistake in stable-structures: please report it with the command and, if you may, the image`;
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
