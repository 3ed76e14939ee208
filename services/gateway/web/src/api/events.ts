/** Server-sent events read by fetch: EventSource cannot send the access token. */
import { send } from "./client";

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of an address until its stream ends. Raises what every request raises. */
export async function* eventsAt(address: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const answer = await send("get", address, { signal });
  if (answer.body === null) return;
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      text += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const { events, rest } = parsed(text);
      yield* events;
      text = rest;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The whole events of a text, and what is left of it. A carriage return at the end may be half of a line's end. */
export function parsed(text: string): { readonly events: readonly ServerEvent[]; readonly rest: string } {
  const held = text.endsWith("\r") ? 1 : 0;
  const lines = text.slice(0, text.length - held).replaceAll(/\r\n?/gu, "\n");
  const blocks = lines.split("\n\n");
  const rest = (blocks.pop() ?? "") + text.slice(text.length - held);
  return { events: blocks.map(eventOf).filter((event) => event !== null), rest };
}

function eventOf(block: string): ServerEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/u.exec(line) ?? [];
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join("\n") };
}
