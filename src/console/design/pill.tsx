/** A status or another word of a fixed list, in the colour that it has everywhere. */
export const Pill = ({ text }: { text: string }) => (
  <span class="pill" data-tone={text}>
    {text}
  </span>
);
