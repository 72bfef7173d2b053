// The names of time zones, as the browser knows them.

/** All of them, and the one that is chosen even where the browser does not know it. */
export function zones(chosen: string): string[] {
  const known =
    (Intl as { supportedValuesOf?: (key: "timeZone") => string[] }).supportedValuesOf?.("timeZone") ?? [];
  return known.includes(chosen) ? known : [chosen, ...known];
}
