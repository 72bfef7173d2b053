import { Outlet, useParams } from "@tanstack/react-router";
import { Columns } from "../app/columns";
import { ContactColumn } from "./contact-column";

/** The people and the one beside them; in a narrow window one of the two. */
export function ContactsPage() {
  const { personId } = useParams({ strict: false });
  return (
    <Columns
      list={<ContactColumn openId={personId} />}
      pane={<Outlet />}
      paneName="person"
      isOpen={personId !== undefined}
    />
  );
}
