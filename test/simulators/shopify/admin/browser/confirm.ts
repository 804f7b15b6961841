interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
}

const STYLE = `
dialog { width: min(380px, calc(100vw - 32px)); padding: 0; border: 0; border-radius: 14px; background: #fff; color: #303030; font: 13px/20px Inter, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; box-shadow: 0 20px 40px #00000047; }
dialog::backdrop { background: #00000080; }
h2 { margin: 0; padding: 14px 16px; border-bottom: 1px solid #ebebeb; background: #f3f3f3; font-size: 14px; }
p { margin: 16px; }
form { display: flex; justify-content: flex-end; gap: 8px; margin: 0 16px 16px; }
button { padding: 6px 12px; border: 1px solid #d4d4d4; border-radius: 8px; background: #fff; color: inherit; font-weight: 600; font-size: 12px; line-height: 16px; font-family: inherit; cursor: pointer; }
button[value=yes] { border-color: #8e0b21; background: #c70a24; color: #fff; }
`;

/** Asks before something is lost; true: go on. */
export function confirmLoss({ title, text, yes, no }: Question): Promise<boolean> {
  const host = document.createElement("div");
  document.documentElement.append(host);
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${STYLE}</style><dialog aria-labelledby="t"><h2 id="t"></h2><p></p>
    <form method="dialog"><button value="no"></button><button value="yes"></button></form></dialog>`;
  const put = (selector: string, words: string) => {
    const element = root.querySelector(selector);
    if (element !== null) element.textContent = words;
  };
  put("h2", title);
  put("p", text);
  put("[value=no]", no);
  put("[value=yes]", yes);
  const dialog = root.querySelector("dialog");
  return new Promise((resolve) => {
    dialog?.addEventListener("close", () => {
      host.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog?.showModal();
  });
}
