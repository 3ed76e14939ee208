/** What went wrong, as the API says it: a sentence that a person can act on, and where to look it up. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fieldErrors: Readonly<Record<string, readonly string[]>> = {},
    readonly correlationId = "",
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

/** The request never reached the API, or its answer never came back. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor() {
    super("The server cannot be reached. Check your connection, then try again.");
  }
}

/** Reads the error of an answer, also of a proxy in front that knows nothing of the shape. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  const found = isRecord(body) ? body : {};
  const text = (name: string, otherwise: string): string => {
    const value = found[name];
    return typeof value === "string" && value !== "" ? value : otherwise;
  };
  return new ApiError(
    answer.status,
    text("error_code", "UNKNOWN"),
    text("detail", `The server answered with status ${answer.status}.`),
    isRecord(found.field_errors) ? (found.field_errors as Record<string, string[]>) : {},
    text("correlation_id", answer.headers.get("X-Request-ID") ?? ""),
    isRecord(found.details) ? found.details : {},
  );
}

/** Whether a request ended because nobody waits for it any more. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
