import { configure } from "@testing-library/react";

// A limit for what never comes, not a measure: a loaded machine takes its time.
configure({ asyncUtilTimeout: 20_000 });
