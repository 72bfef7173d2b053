import { i18n } from "@lingui/core";
import { configure } from "@testing-library/react";

// A limit for what never comes, not a measure: a loaded machine takes its time.
configure({ asyncUtilTimeout: 20_000 });

// Tests read the English of the sources, whatever the language of the machine.
i18n.loadAndActivate({ locale: "en", messages: {} });
