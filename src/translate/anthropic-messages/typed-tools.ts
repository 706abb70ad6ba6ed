import { asNumber, type Json, type JsonObject } from '../../base/json.ts';
import type { FunctionTool } from '../canonical/request.ts';

/*
 * Tools that the client runs itself, whose parameters the vendor's models know without being told. Other models are told.
 * https://docs.claude.com/en/docs/agents-and-tools/tool-use/overview
 */

interface TypedTool {
  readonly type: RegExp;
  readonly name: string;
  readonly description: string;
  schema(tool: JsonObject): JsonObject;
}

const TYPED_TOOLS: readonly TypedTool[] = [
  {
    type: /^bash_\d{8}$/,
    name: 'bash',
    description:
      'Runs a command in a bash session that lives on between calls. Give `command`, or `restart: true` to begin a new session.',
    schema: () =>
      objectOf({
        command: { type: 'string', description: 'The command to run.' },
        restart: { type: 'boolean', description: 'True to begin a new session.' },
      }),
  },
  {
    type: /^text_editor_\d{8}$/,
    name: 'str_replace_based_edit_tool',
    description: 'Views, creates and edits text files.',
    schema: ({ type }) => editorSchema(/_2024|_20250124/.test(String(type))),
  },
  {
    type: /^memory_\d{8}$/,
    name: 'memory',
    description:
      'Reads and writes files under /memories, which outlive the conversation. Look there before starting a task.',
    schema: memorySchema,
  },
  {
    type: /^computer_\d{8}$/,
    name: 'computer',
    description: 'Uses the mouse and keyboard of a computer, and takes screenshots of it.',
    schema: computerSchema,
  },
];

/** The function that a tool known by its type amounts to, for models that do not know it; `undefined` for any other tool. */
export function functionOfTyped(type: string, tool: JsonObject): FunctionTool | undefined {
  const known = TYPED_TOOLS.find((one) => one.type.test(type));
  if (known === undefined) return undefined;
  const name = typeof tool.name === 'string' && tool.name !== '' ? tool.name : known.name;
  return { kind: 'function', name, description: known.description + sizeOf(tool), schema: known.schema(tool) };
}

function sizeOf(tool: JsonObject): string {
  const width = asNumber(tool.display_width_px);
  const height = asNumber(tool.display_height_px);
  return width === undefined || height === undefined ? '' : ` The screen is ${width} x ${height} pixels.`;
}

function objectOf(properties: { readonly [name: string]: Json }, required: readonly string[] = []): JsonObject {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

const TEXT = { type: 'string' };
const LINES = {
  type: 'array',
  items: { type: 'integer' },
  description: 'First and last line to view, from 1; -1 as the last is the end.',
};

/** The older versions can undo an edit. */
function editorSchema(undoes: boolean): JsonObject {
  return objectOf(
    {
      command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', ...(undoes ? ['undo_edit'] : [])] },
      path: { type: 'string', description: 'Absolute path of the file or directory.' },
      view_range: LINES,
      file_text: { type: 'string', description: 'Content of the file to create.' },
      old_str: { type: 'string', description: 'Text to replace; it must stand in the file exactly once.' },
      new_str: { type: 'string', description: 'Text to put there.' },
      insert_line: { type: 'integer', description: 'Line after which `insert_text` is put.' },
      insert_text: TEXT,
    },
    ['command', 'path'],
  );
}

function memorySchema(): JsonObject {
  return objectOf(
    {
      command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
      path: { type: 'string', description: 'Path under /memories.' },
      view_range: LINES,
      file_text: TEXT,
      old_str: TEXT,
      new_str: TEXT,
      insert_line: { type: 'integer' },
      insert_text: TEXT,
      old_path: { type: 'string', description: 'Path to rename from.' },
      new_path: { type: 'string', description: 'Path to rename to.' },
    },
    ['command'],
  );
}

const ACTIONS = [
  ...['key', 'hold_key', 'type', 'cursor_position', 'mouse_move', 'left_mouse_down', 'left_mouse_up', 'left_click'],
  ...['left_click_drag', 'right_click', 'middle_click', 'double_click', 'triple_click', 'scroll', 'wait', 'screenshot'],
];

function computerSchema(tool: JsonObject): JsonObject {
  const point = { type: 'array', items: { type: 'integer' } };
  const zoom = { region: { ...point, description: 'Left, top, right and bottom of the part to zoom into.' } };
  return objectOf(
    {
      action: { type: 'string', enum: tool.enable_zoom === true ? [...ACTIONS, 'zoom'] : ACTIONS },
      coordinate: { ...point, description: 'x and y in pixels from the left upper corner.' },
      start_coordinate: { ...point, description: 'Where a drag begins.' },
      text: { type: 'string', description: 'Text to type, or keys to press such as `ctrl+s`.' },
      scroll_direction: { type: 'string', enum: ['up', 'down', 'left', 'right'] },
      scroll_amount: { type: 'integer' },
      duration: { type: 'number', description: 'Seconds to wait or to hold a key.' },
      ...(tool.enable_zoom === true ? zoom : {}),
    },
    ['action'],
  );
}
