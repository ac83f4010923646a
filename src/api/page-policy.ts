import { secureHeaders } from 'hono/secure-headers';

/** Headers of a page: nothing from other hosts, no inline scripts or styles but those of these hashes. */
export const pagePolicy = ({ scripts = [], images = [] }: { scripts?: string[]; images?: string[] } = {}) =>
  secureHeaders({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...scripts],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", ...images],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
