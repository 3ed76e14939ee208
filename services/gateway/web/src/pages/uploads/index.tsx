import { type JSX } from "preact";
import { PageFrame } from "../../shell/frame";
import { useView } from "../../state/view";
import { Details } from "./details";
import { History } from "./history";
import { NewUpload } from "./new-upload";
import { UPLOADS_VIEW } from "./state";
import "./uploads.css";

export default function Uploads(): JSX.Element {
  const view = useView(UPLOADS_VIEW);
  const { client, upload } = view.state;
  return (
    <PageFrame title="Uploads">
      <NewUpload client={client} onDetails={(uploadId) => view.change({ upload: uploadId })} />
      <History view={view} />
      {upload !== null && <Details key={upload} id={upload} onClose={() => view.change({ upload: null })} />}
    </PageFrame>
  );
}
