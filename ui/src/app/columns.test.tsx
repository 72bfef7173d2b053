import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Columns, ListEdge } from "./columns";

const edge = () => screen.getByTestId("list-edge");

beforeEach(() => {
  render(<Columns list={<ListEdge />} pane={<p>pane</p>} paneName="reader" isOpen />);
  // Where nothing is laid out every width is 0: as wide as it was chosen, or as usual.
  Object.defineProperty(edge().parentElement, "offsetWidth", {
    get: () => Number(edge().getAttribute("aria-valuenow")),
  });
});

afterEach(() => {
  fireEvent.keyDown(edge(), { key: "Enter" });
  cleanup();
  document.dir = "ltr";
});

const value = () => Number(edge().getAttribute("aria-valuenow"));

describe("the edge of the list", () => {
  it("is moved by the arrows, to its ends and back to the usual, and that is kept", () => {
    fireEvent.keyDown(edge(), { key: "ArrowRight" });
    expect(value()).toBe(348);
    expect(localStorage.getItem("threadkeep.list-width")).toBe("348");
    fireEvent.keyDown(edge(), { key: "ArrowLeft" });
    expect(value()).toBe(332);
    fireEvent.keyDown(edge(), { key: "End" });
    fireEvent.keyDown(edge(), { key: "ArrowRight" });
    expect(value(), "no further than its end").toBe(560);
    fireEvent.keyDown(edge(), { key: "Home" });
    expect(value()).toBe(220);
    fireEvent.doubleClick(edge());
    expect(value()).toBe(332);
  });

  it("goes the way of the arrow where one reads from right to left", () => {
    document.dir = "rtl";
    fireEvent.keyDown(edge(), { key: "ArrowLeft" });
    expect(value()).toBe(348);
  });

  it("leaves keys with others held to the window", () => {
    fireEvent.keyDown(edge(), { key: "ArrowRight", altKey: true });
    expect(value()).toBe(332);
  });
});
