import { type JSX } from "preact";
import { metricOf } from "../../api/figures";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { Table } from "../../components/table";
import { explorerHref } from "../../state/links";
import { type Overview } from "./state";
import { Value } from "./value";

/** Campaigns below the client's thresholds, and which of them they miss. */
export function UnderperformersCard({ overview }: { readonly overview: Overview }): JSX.Element {
  const { state, underperformers } = overview;
  const spend = metricOf("spend");
  return (
    <Card title="Underperformers">
      <Loaded resource={underperformers} height={180}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No campaign is below its thresholds on these days" />
          ) : (
            <Table
              caption="Campaigns below their thresholds"
              rows={data}
              rowKey={(row) => row.campaign_id ?? ""}
              columns={[
                {
                  key: "name",
                  title: "Campaign",
                  kind: "wide",
                  cell: (row) => (
                    <Link
                      class="row-link"
                      href={explorerHref(state, { campaign: row.campaign_id, level: "strategy" })}
                    >
                      <span class="dot" data-source={row.source} />
                      <Name text={row.campaign_name ?? ""} />
                    </Link>
                  ),
                },
                {
                  key: "spend",
                  title: spend.label,
                  kind: "number",
                  cell: (row) => (
                    <Value
                      overview={overview}
                      metric={spend}
                      figures={row}
                      of={{ campaign_id: row.campaign_id ?? "" }}
                    />
                  ),
                },
                { key: "reason", title: "Why", kind: "reason", cell: (row) => row.reason },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}
