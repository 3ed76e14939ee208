import { type JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { Name } from "../../components/name";
import { formatSize } from "./words";

interface DropZoneProps {
  readonly file: File | null;
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onFile: (file: File) => void;
}

/** Where a file is dropped; or chosen, by mouse or keyboard. */
export function DropZone({ file, problem, disabled, onFile }: DropZoneProps): JSX.Element {
  const over = useDropsOnWindow();
  const id = useId();
  return (
    <div>
      <label
        class="drop-zone"
        data-over={over && !disabled}
        data-disabled={disabled}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const dropped = event.dataTransfer?.files[0];
          if (dropped !== undefined && !disabled) onFile(dropped);
        }}
      >
        <input
          type="file"
          class="visually-hidden"
          accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          aria-label={file === null ? "Choose a file to upload" : `File: ${file.name}. Choose another one`}
          aria-describedby={id}
          aria-invalid={problem !== null}
          disabled={disabled}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            // The same file may be chosen again after it was changed.
            if (chosen !== undefined) onFile(chosen);
            event.currentTarget.value = "";
          }}
        />
        <Icon name="uploads" />
        {file === null ? (
          <span>
            <strong>Drop a file here</strong> or <span class="drop-zone-link">choose one</span>
          </span>
        ) : (
          <span class="drop-zone-file">
            <strong>
              <Name text={file.name} />
            </strong>
            <span class="muted small">
              {formatSize(file.size)} · <span class="drop-zone-link">choose another one</span>
            </span>
          </span>
        )}
      </label>
      <p id={id} class={problem === null ? "muted small drop-zone-hint" : "field-error drop-zone-hint"}>
        {problem ?? "A daily export of Ads Manager, .csv or .xlsx: campaigns, ad sets and ads by day."}
      </p>
    </div>
  );
}

/** Whether a file is dragged over the page. One that misses the zone must not replace the page by its content. */
function useDropsOnWindow(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const enter = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.dataTransfer?.types.includes("Files") === true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
    };
    window.addEventListener("dragover", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}
