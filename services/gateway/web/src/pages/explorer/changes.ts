/** Changes against the period before. The API tells them for campaigns, and for all of a scope. */
import { textOf } from "../../api/figures";
import { useResource } from "../../api/resource";
import { type ScopeQuery } from "../../shell/scope";
import { type Row } from "./pages";
import { type Sheet } from "./sheet";
import { type Level } from "./state";

/** Read for rows in view alone: a row that leaves it gives up its request. */
export function useRowChanges(sheet: Sheet, level: Level, row: Row | undefined): object | null {
  const wanted = sheet.changes && level === "campaign" && row !== undefined;
  const found = useResource(
    "/campaigns/{campaign_id}/performance",
    wanted ? { at: { campaign_id: textOf(row, "campaign_id") }, query: { ...sheet.days, page_size: 1 } } : null,
  );
  return wanted && !found.stale ? found.data : null;
}

export function useTotalChanges(query: ScopeQuery | null): object | null {
  const found = useResource("/dashboard/summary", query === null ? null : { query });
  return query === null || found.stale ? null : found.data;
}
