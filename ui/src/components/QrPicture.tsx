export type QrPictureProps = {
  /** The SVG as text, quiet zone included. */
  svg: string;
  /** What the picture is for; the secret itself stands beside it as text. */
  label: string;
};

/** A QR code: an image and no part of the page, so that nothing in it can run; dark on white in every theme. */
export function QrPicture({ svg, label }: QrPictureProps) {
  return (
    <img
      src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
      alt={label}
      width={208}
      height={208}
      className="size-52 shrink-0 rounded-card bg-qr-ground ring-1 ring-line forced-color-adjust-none [image-rendering:pixelated]"
    />
  );
}
