// The Verify button.

/** Presses Verify, with every text compared, as soon as nothing else runs; returns what was found. */
export async function verify(window) {
  await window.click("rail-sync");
  await window.until(
    "every text is to be compared",
    async () => {
      const box = await window.find("verify-full");
      if (!(await box.isSelected())) await box.click();
      return box.isSelected();
    },
    Boolean,
  );
  const press = `
    const button = document.querySelector('[data-testid="verify-start"]:enabled');
    const isBusy = document.querySelector('[data-testid="verify-error"][data-code="busy"]') !== null;
    if (button !== null && (isBusy || !window.__pressed)) {
      window.__pressed = true;
      button.click();
      return false;
    }
    return document.querySelector('[data-testid="verify-result"]') !== null;
  `;
  await window.run("window.__pressed = false");
  await window.until("the comparison ends", () => window.run(press), Boolean);
  const result = await window.find("verify-result");
  await window.run("arguments[0].scrollIntoView({ block: 'center' })", result);
  const [sound, mended, removed] = await Promise.all(
    ["sound", "mended", "removed"].map((name) => result.getAttribute(`data-${name}`)),
  );
  return { sound: sound === "true", mended: Number(mended), removed: Number(removed), words: await result.getText() };
}
