/** Headers of what the relay serves to browsers. The pages carry their script policy themselves. */

const PERMISSIONS = [
	'accelerometer',
	'display-capture',
	'geolocation',
	'gyroscope',
	'magnetometer',
	'microphone',
	'midi',
	'payment',
	'serial',
	'usb'
];

const PAGE_HEADERS = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'permissions-policy': PERMISSIONS.map((feature) => `${feature}=()`).join(', '),
	'cross-origin-opener-policy': 'same-origin',
	// The rest of the policy stands in each page, with the hashes of its scripts.
	'content-security-policy': "frame-ancestors 'none'",
	'x-frame-options': 'DENY'
} as const;

export function pageHeaders(): typeof PAGE_HEADERS {
	return PAGE_HEADERS;
}

/** Sent with each answer of an https relay: no later visit may begin in plain text. */
export const STRICT_TRANSPORT = 'max-age=31536000';

/** Any page may ask any office: requests carry their own proof, never a cookie (protocol §6). */
export const CORS_HEADERS = {
	'access-control-allow-origin': '*',
	// `date`: an app whose computer's clock is wrong signs with the office's time.
	'access-control-expose-headers': 'date, retry-after',
	'cross-origin-resource-policy': 'cross-origin'
} as const;

export const PREFLIGHT_HEADERS = {
	...CORS_HEADERS,
	'access-control-allow-methods': 'GET, POST, PUT, OPTIONS',
	'access-control-allow-headers': 'authorization, content-type',
	'access-control-max-age': '86400'
} as const;
