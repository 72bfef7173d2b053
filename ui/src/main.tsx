import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followMirror } from "./app/changes";
import { keepOutBrowserMenu } from "./app/context-menu";
import { followLinks } from "./app/links";
import { followSystemLook } from "./app/look";
import { makeRouter } from "./app/router";
import { followSystemLanguage } from "./i18n/language";
import { Localised } from "./i18n/localised";
import { onImportEnd } from "./import/store";
import { followDownloads } from "./media/downloads";
import { onSyncEnd } from "./sync/store";
import { onVerifyEnd } from "./sync/verify-store";
import "./style.css";

if (import.meta.env.MODE === "mock") {
  const { installMock } = await import("./dev/mock");
  installMock(new URLSearchParams(location.search));
}

/** With the played core `?page=components` shows the parts of the window in the place of its pages. */
const Components =
  import.meta.env.MODE === "mock" && location.search.includes("page=components")
    ? (await import("./dev/components")).Components
    : null;

// Everything is on this computer: there is no network to wait for, nothing grows stale by itself, and a
// failure is shown at once instead of being tried again behind the person's back.
const client = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    mutations: { networkMode: "always", retry: false },
  },
});

followSystemLook();
keepOutBrowserMenu();
await followSystemLanguage();
followMirror(client);
followLinks(client);
followDownloads();
onSyncEnd(() => void client.invalidateQueries());
onImportEnd(() => {
  // A list that was asked for meanwhile has the import as one that is not at its end.
  client.removeQueries({ queryKey: ["imports"] });
  void client.invalidateQueries();
});
onVerifyEnd(() => void client.invalidateQueries());

const router = makeRouter();
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={client}>
          <Localised>{Components === null ? <RouterProvider router={router} /> : <Components />}</Localised>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
