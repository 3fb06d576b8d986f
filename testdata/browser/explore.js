// Opens Clew's explorer as a person does, in the browser and at the address of
// the command line. Exits with 1 and a sentence where something is not so.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [browserPath, address] = process.argv.slice(2);
const server = new URL(address);
const editor = ".graphiql-query-editor .CodeMirror";
const patience = 60_000; // milliseconds: of a machine that others keep busy

// Every request of every page stands in asked; one to elsewhere is stopped
// before it is sent.
const asked = [];
const elsewhere = () => asked.filter((url) => {
  const { protocol, host } = new URL(url);
  return !["data:", "blob:", "about:"].includes(protocol) && host !== server.host;
});

const browser = await chromium.launch({
  executablePath: browserPath,
  // Names are not even looked up, whoever in the browser asks.
  args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking", "--no-first-run"],
});
try {
  const context = await browser.newContext();
  context.setDefaultTimeout(patience);
  await context.route("**", (route) => {
    const url = route.request().url();
    asked.push(url);
    return new URL(url).host === server.host ? route.continue() : route.abort();
  });
  await thisTestCanFail(context);
  await explore(await context.newPage());
} finally {
  await browser.close();
}

// A page that does ask elsewhere is noticed, and gets nothing.
async function thisTestCanFail(context) {
  const page = await context.newPage();
  const got = await page.evaluate(() => fetch("http://elsewhere.example/").then(() => "an answer", () => "nothing"));
  assert.equal(got, "nothing");
  assert.deepEqual(elsewhere(), ["http://elsewhere.example/"]);
  asked.length = 0;
  await page.close();
}

async function explore(page) {
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("websocket", (socket) => asked.push(socket.url()));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(address);
  assert.equal(await page.title(), "Clew");
  await completes(page);
  await answers(page);
  await documents(page);
  assert.deepEqual(faults, [], "the page has faults");
  assert.deepEqual(elsewhere(), [], "requests left for elsewhere");
  assert.ok(asked.length >= 8, `only ${asked.length} requests were seen`);
  assert.ok(asked.filter((url) => url.endsWith("/graphql")).length >= 2, "the schema and the query were not asked for");
  await closed(page);
  console.log(`the explorer works in Chromium ${browser.version()}: ${asked.length} requests, all to ${server.host}`);
}

// A field's first letters bring up its name, once the schema has come.
async function completes(page) {
  await page.waitForSelector(editor);
  await page.locator(editor).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText("{ enti");
  const offered = page.locator(".CodeMirror-hints li");
  await eventually("no name is offered for enti", async () => {
    await page.keyboard.press("Control+Space");
    await page.waitForTimeout(300);
    return await offered.count() > 0;
  });
  const names = (await offered.allInnerTexts()).map((text) => text.trim().match(/^\w*/)[0]);
  assert.ok(names.includes("entity") && names.every((name) => name.includes("enti")), `offered for enti: ${names}`);
  await offered.nth(names.indexOf("entity")).click();
  await page.locator(editor).click();
  await page.keyboard.press("ControlOrMeta+End");
}

// The name was completed by the choice alone: the rest is typed behind it.
async function answers(page) {
  await page.keyboard.insertText(`(ref: "tomas.release") { ref type } }`);
  await page.locator(".graphiql-execute-button").click();
  const result = page.locator(".result-window .CodeMirror");
  let text = "";
  await eventually("the query is not answered", async () => {
    text = await result.evaluate((element) => element.CodeMirror.getValue());
    return text.includes("data") || text.includes("errors");
  });
  assert.deepEqual(JSON.parse(text), {
    data: { entity: { ref: "arn:aws:iam::333344445555:user/tomas.release", type: "iam:user" } },
  });
}

// The documentation of a field is there to read.
async function documents(page) {
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.locator(".graphiql-doc-explorer").getByText("Query", { exact: true }).first().click();
  await page.locator(".graphiql-doc-explorer").getByText("What follows if something falls into other hands.").waitFor();
}

// The page may not ask elsewhere, even if something in it wanted to: its policy
// stops it, before this test does.
async function closed(page) {
  const before = asked.length;
  const got = await page.evaluate(() => Promise.all([
    fetch("http://elsewhere.example/").then(() => "an answer", () => "nothing"),
    new Promise((done) => {
      const script = document.createElement("script");
      script.onload = () => done("an answer");
      script.onerror = () => done("nothing");
      script.src = "http://elsewhere.example/x.js";
      document.head.append(script);
    }),
  ]));
  assert.deepEqual(got, ["nothing", "nothing"]);
  assert.equal(asked.length, before, "the page's policy let a request go");
}

async function eventually(complaint, check) {
  const end = Date.now() + patience;
  while (!(await check())) {
    if (Date.now() > end) assert.fail(complaint);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}
