import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

afterEach(cleanup);

it("draws the English of the sources where no catalogue has the text", () => {
  const name = "Ana";
  render(
    <p data-testid="text">
      <Trans>
        From <b>{name}</b> alone
      </Trans>
    </p>,
  );
  expect(screen.getByTestId("text").innerHTML).toBe("From <b>Ana</b> alone");
});

it("takes a name that looks like a place of an element for a name", () => {
  const name = "</0><1>x</1>";
  render(
    <p data-testid="text">
      <Trans>
        From <b>{name}</b> alone
      </Trans>
    </p>,
  );
  expect(screen.getByTestId("text").querySelector("b")?.textContent).toBe(name);
  expect(screen.getByTestId("text").textContent).toBe(`From ${name} alone`);
});

it("counts with the plural and the digits of the language", () => {
  render(
    <p data-testid="text">
      <Plural value={1_200} one="# message" other="# messages" />
    </p>,
  );
  expect(screen.getByTestId("text").textContent).toBe("1,200 messages");
  expect(t`Today`).toBe("Today");
});
