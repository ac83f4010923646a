import { secureHeaders } from 'hono/secure-headers';

/** Headers of a page: nothing from other hosts, no inline scripts or styles. */
export const pagePolicy = ({ images = [] }: { images?: string[] } = {}) =>
  secureHeaders({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", ...images],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
