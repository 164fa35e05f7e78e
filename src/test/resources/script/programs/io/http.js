// An HTTP server with a client and fetch in one program.
const http=require('http');
const server=http.createServer((req,res)=>{
  if(req.url==='/echo'){ let b=''; req.setEncoding('utf8'); req.on('data',c=>b+=c).on('end',()=>{res.writeHead(201,{'Content-Type':'text/plain','X-A':['1','2']});res.end('got '+b)}); return}
  if(req.url==='/pipe'){ req.pipe(res); return }
  if(req.url==='/chunks'){ res.write('a'); setTimeout(()=>{res.write('b');res.end('c')},5); return}
  if(req.url==='/json'){ res.setHeader('content-type','application/json'); res.end(JSON.stringify({a:1,m:req.method,h:req.headers['x-q']})); return}
  if(req.url==='/redirect'){ res.writeHead(302,{location:'/json'}); res.end(); return}
  if(req.url==='/hang'){ return }
  if(req.url==='/dead'){ req.socket.destroy(); return }
  if(req.url==='/big'){ let n=0; const w=()=>{ while(n<50){ n++; if(!res.write(Buffer.alloc(10000,97))) return res.once('drain',w)} res.end()}; w(); return }
  res.statusCode=404; res.end();
});
const get=(o)=>new Promise((ok,no)=>{ const r=http.request({port:server.address().port,host:'127.0.0.1',...o},res=>{let b='';res.on('data',c=>b+=c).on('end',()=>ok([res.statusCode,res.statusMessage,res.headers['content-type'],res.headers['x-a'],res.headers['content-length'],res.headers['transfer-encoding'],b,res.complete]))}); r.on('error',e=>ok([e.code,e.message])); r.end(o.body)});
server.on('listening',()=>console.log('listening')); server.on('close',()=>console.log('server closed'));
server.listen(0,'127.0.0.1',async()=>{
  const a=server.address(); console.log(a.address,a.family,typeof a.port);
  const s=(x)=>console.log(JSON.stringify(x));
  s(await get({path:'/echo',method:'POST',body:'hé'})); s(await get({path:'/pipe',method:'PUT',body:'piped'})); s(await get({path:'/chunks'})); s(await get({path:'/json',headers:{'X-Q':'q'}})); s(await get({path:'/no'}));
  s(await get({path:'/dead'})); s((await get({path:'/big'}))[6].length);
  const big='x'.repeat(300000); s((await get({path:'/pipe',method:'POST',body:big}))[6].length);
  const u=`http://127.0.0.1:${a.port}`;
  let r=await fetch(u+'/json',{headers:{'x-q':'1'}}); s([r.status,r.ok,r.statusText,r.headers.get('content-type'),r.bodyUsed,await r.json(),r.bodyUsed,r.url===u+'/json',r.redirected,r.type]);
  r=await fetch(u+'/redirect'); s([r.status,r.redirected,r.url.endsWith('/json'),await r.text()]);
  r=await fetch(u+'/redirect',{redirect:'manual'}); s([r.status,r.headers.get('location')]);
  r=await fetch(u+'/echo',{method:'POST',body:JSON.stringify({q:1}),headers:{'content-type':'application/json'}}); s([r.status,await r.text(),[...r.headers.keys()].join()]);
  r=await fetch(u+'/pipe',{method:'POST',body:new URLSearchParams({a:'1 2'})}); s([await r.text()]);
  r=await fetch(u+'/big'); let n=0; for await (const c of r.body) n+=c.length; s(n);
  r=await fetch(u+'/big'); s((await r.arrayBuffer()).byteLength);
  r=await fetch(u+'/no'); s([r.status,r.ok,r.body===null, await r.text()]);
  try{await fetch('http://127.0.0.1:1')}catch(e){s([e.name,e.message])} try{await fetch('nope')}catch(e){s([e.name,e.message])}
  const ac=new AbortController(); setTimeout(()=>ac.abort(),20); try{await fetch(u+'/hang',{signal:ac.signal})}catch(e){s([e.name,e.message])}
  try{await fetch(u+'/dead')}catch(e){s([e.name,e.message])}
  const h=new Headers({B:'2',a:'1'}); h.append('a','3'); s([[...h],h.get('A'),h.has('c')]);
  const rq=http.get('http://127.0.0.1:1/'); rq.on('error',e=>{s([e.code,e.syscall,e.address,e.port,e.message]);
  const t=http.createServer(); t.on('error',e=>{s([e.code,e.syscall,e.port===a.port]); server.close(()=>console.log('closed cb')); server.closeAllConnections()}); t.listen(a.port,'127.0.0.1'); });
});
