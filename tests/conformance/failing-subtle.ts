/** The platform's cryptography on a bad day: the first import fails, all else is as ever. */
export function failingOnce(subtle: SubtleCrypto): SubtleCrypto {
	let hasFailed = false;
	return new Proxy(subtle, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name);
			if (typeof value !== 'function') return value;
			return (...parameters: unknown[]): unknown => {
				if (name !== 'importKey' || hasFailed) return Reflect.apply(value, target, parameters);
				hasFailed = true;
				return Promise.reject(new DOMException('no memory', 'OperationError'));
			};
		}
	});
}
