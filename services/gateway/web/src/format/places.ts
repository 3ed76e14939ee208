/** Currencies and time zones to choose from, as the browser knows them. */

type Options = readonly (readonly [value: string, text: string])[];

/** `now`: stays a choice, whether or not the browser knows it. */
export function currencies(now: string): Options {
  const names = new Intl.DisplayNames(undefined, { type: "currency", fallback: "none" });
  return withNow(Intl.supportedValuesOf("currency"), now).map((code) => {
    const name = names.of(code);
    return [code, name === undefined ? code : `${code} – ${name}`];
  });
}

export function timeZones(now: string): Options {
  // Browsers leave out UTC, which is the usual one here.
  return withNow(["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")], now).map((zone) => [
    zone,
    zone.replaceAll("_", " "),
  ]);
}

function withNow(values: readonly string[], now: string): readonly string[] {
  return values.includes(now) ? values : [now, ...values];
}
