/**
 * The statements that keep the tenants of a new table apart: requests see the rows of their own
 * namespace, projections write those of all.
 */
export const isolation = (table: string): string[] => [
  `alter table "${table}" enable row level security`,
  `alter table "${table}" force row level security`,
  `create policy "tenant" on "${table}" to omoi_app
     using (namespace = current_setting('omoi.namespace', true))`,
  ...['projector', 'owner'].map(
    (writer) =>
      `create policy "${writer}" on "${table}" to omoi_${writer} using (true) with check (true)`,
  ),
  `grant select on "${table}" to omoi_app`,
  `grant select, insert, update, delete on "${table}" to omoi_projector`,
];
