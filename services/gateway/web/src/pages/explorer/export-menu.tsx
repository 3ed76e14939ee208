import { type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isAborted } from "../../api/errors";
import { Button } from "../../components/button";
import { Menu } from "../../components/menu";
import { toast, toastError } from "../../components/toast";
import { formatBytes } from "../../format/bytes";
import { type Column } from "./columns";
import { type Format, exportQuery, saveExport } from "./export";
import { type Question } from "./question";
import { LEVEL_TITLES } from "./state";

interface ExportMenuProps {
  readonly question: Question;
  readonly columns: readonly Column[];
}

interface Progress {
  readonly format: Format;
  readonly bytes: number;
}

/** Exports of what is seen; one at a time, with its progress, and a way to give it up. */
export function ExportMenu({ question, columns }: ExportMenuProps): JSX.Element {
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const save = async (format: Format): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setProgress({ format, bytes: 0 });
    const saving = { signal: controller.signal, onProgress: (bytes: number) => setProgress({ format, bytes }) };
    try {
      toast(`${await saveExport(format, exportQuery(question, columns), saving)} is saved.`);
    } catch (error) {
      if (!isAborted(error)) toastError(error);
    } finally {
      setProgress(null);
    }
  };
  if (progress !== null) {
    return (
      <span class="row export-progress">
        <span role="status">
          {progress.format.toUpperCase()}: {progress.bytes === 0 ? "being made …" : formatBytes(progress.bytes)}
        </span>
        <Button kind="quiet" onClick={() => running.current?.abort()}>
          Stop
        </Button>
      </span>
    );
  }
  const rows = LEVEL_TITLES[question.level];
  return (
    <Menu
      label="Export of what is seen"
      align="end"
      button="Export"
      items={[
        { text: `${rows} as CSV`, onSelect: () => void save("csv") },
        { text: `${rows} as Excel workbook (XLSX)`, onSelect: () => void save("xlsx") },
        { text: "Report of these filters (PDF)", onSelect: () => void save("pdf") },
      ]}
    />
  );
}
