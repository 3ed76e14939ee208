/** What a session's user agent says about browser and system, in words. */

/** The first that fits: browsers name those that they descend from, too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//u, "Edge"],
  [/\b(?:OPR|Opera)\//u, "Opera"],
  [/\bSamsungBrowser\//u, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//u, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome|Chromium)\//u, "Chrome"],
  [/\bVersion\/\S+ .*Safari\//u, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/u, "iPhone"],
  [/\biPad\b/u, "iPad"],
  [/\bAndroid\b/u, "Android"],
  [/\bWindows\b/u, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/u, "macOS"],
  [/\bCrOS\b/u, "ChromeOS"],
  [/\bLinux\b/u, "Linux"],
];

/** “Firefox on Windows”; of a program its own name and version, as `curl/8.5`. */
export function deviceName(userAgent: string | null): string {
  const agent = (userAgent ?? "").trim();
  if (agent === "") return "Unknown";
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser === undefined && !agent.startsWith("Mozilla/")) return agent.split(" ")[0] ?? agent;
  return [browser ?? "Browser", ...(system === undefined ? [] : [`on ${system}`])].join(" ");
}
