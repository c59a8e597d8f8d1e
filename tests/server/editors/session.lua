-- Run in a real Neovim: opens train.py, waits for the diagnostics, applies the preferred quick fix of the first one and
-- then source.fixAll.keraslint, saves, and writes what it saw to seen.json.
local seen = {}

local function finish(failure)
  seen.failure = failure
  local file = io.open("seen.json", "w")
  file:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
  file:close()
  vim.cmd("qall!")
end

local function wait(what, condition)
  if not vim.wait(600000, condition, 20) then
    finish("waited in vain for " .. what)
  end
end

local function messages()
  local found = {}
  for _, item in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { row = item.lnum, column = item.col, code = item.code, message = item.message })
  end
  return found
end

local function actions(kind, row, column)
  local place = { line = row, character = column }
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = place, ["end"] = place },
    context = { only = { kind }, diagnostics = {} },
  }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 600000) or {}
  local client, answer = next(answers)
  local encoding = client and vim.lsp.get_client_by_id(client).offset_encoding or "utf-16"
  return answer and answer.result or {}, encoding
end

local function act()
  vim.cmd("edit train.py")
  wait("two diagnostics", function() return #vim.diagnostic.get(0) == 2 end)
  seen.before = messages()

  local first = seen.before[1]
  local found, encoding = actions("quickfix", first.row, first.column)
  for _, action in ipairs(found) do
    if action.isPreferred then
      seen.preferred = action.title
      vim.lsp.util.apply_workspace_edit(action.edit, encoding)
    end
  end
  wait("one diagnostic", function() return #vim.diagnostic.get(0) == 1 end)
  seen.between = messages()

  found, encoding = actions("source.fixAll.keraslint", 0, 0)
  for _, action in ipairs(found) do
    vim.lsp.util.apply_workspace_edit(action.edit, encoding)
  end
  wait("no diagnostic", function() return #vim.diagnostic.get(0) == 0 end)
  vim.cmd("write")
  finish(nil)
end

vim.schedule(function()
  local ran, failure = pcall(act)
  if not ran then
    finish(tostring(failure))
  end
end)
