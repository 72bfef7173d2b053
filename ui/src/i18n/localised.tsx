import { DirectionProvider } from "@base-ui/react/direction-provider";
import { Fragment, type ReactNode } from "react";
import { useLanguage } from "./language";

/** Everything inside is drawn anew in another language: no text asks which one is on. */
export function Localised({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  return (
    <DirectionProvider direction={language === "ar" ? "rtl" : "ltr"}>
      <Fragment key={language}>{children}</Fragment>
    </DirectionProvider>
  );
}
