// Addresses taken apart, put together and resolved.
const url = require('url');
const querystring = require('querystring');

const shop = new URL('https://user:pa%20ss@Shop.example:8443/a/./b/../c?q=1&tag=x#top');
console.log(shop);
shop.searchParams.append('tag', 'ü & ö');
shop.pathname = '/new place';
shop.port = '443';
shop.hash = '';
console.log(shop.href, JSON.stringify({ shop }));
for (const [relative, base] of [['../x', 'http://h/a/b/c'], ['//other/p', 'https://h/a'], ['?only=query', 'http://h/p?old'], ['#f', 'http://h/p?q']]) {
  console.log(new URL(relative, base).href);
}
for (const text of ['http://münchen.example/straße', 'http://0x7f.1', 'http://[::1]:80/', 'mailto:a@b.c', 'file:///tmp/x%20y', 'no url']) {
  console.log(text, URL.canParse(text) ? new URL(text).href : 'is none');
}
const params = new URLSearchParams('b=2&a=1&b=3&empty');
params.sort();
console.log(params, [...params.keys()], params.getAll('b'), params.has('empty'), `${params}`, params.size);
console.log(url.parse('http://u:p@host:80/p/q?x=y#z').pathname, url.resolve('/one/two', '../three'), url.format({ protocol: 'http', host: 'h', pathname: '/p', query: { a: 1 } }));
console.log(url.fileURLToPath('file:///tmp/a%20b'), url.pathToFileURL('/tmp/a b#c').href);
console.log(querystring.parse('a=1&b=2&a=3&c=%C3%BC+x'), querystring.stringify({ a: [1, 2], b: 'x y&z' }));
