import { id, integer, maybeOneOf, oneOf } from "../../state/codecs";
import { STATUSES } from "./api";

/** What the page of uploads keeps in its address. */
export const UPLOADS_VIEW = {
  client: id,
  status: maybeOneOf(STATUSES),
  page: integer(1, 1, 1_000_000),
  sort: oneOf(["uploaded_at", "file_name", "size"], "uploaded_at"),
  order: oneOf(["desc", "asc"], "desc"),
  /** The one whose details are open. */
  upload: id,
} as const;
