/**
 * A Wireshark post-dissector for the options that Wireshark shows as unknown subtypes of MPTCP: those in whose layout no field
 * has a name of tshark's, which are the options of draft-amend-tcpm-mptcp-robe. It is written beside each trace with the
 * subtype numbers and the place of the fast hash that the run used; the numbers can be changed in Wireshark's preferences,
 * under Protocols, ROBE.
 *
 *     tshark -r trace.pcapng -X lua_script:robe.lua -Y robe.mp_join_cap.mac
 */
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { wordsOf } from '../../protocol/layout/words.js';
import { numberOf } from '../../protocol/mptcp/codec.js';
import type { MptcpLayout } from '../../protocol/mptcp/mptcp-option.js';
import { type DraftSubtypes, mptcpLayouts } from '../../protocol/mptcp/option.js';
import { dissectOption, preferenceName, protoFields } from './option-lua.js';

/** Options with a subtype of their own that tshark has no names for. */
const unknownToWireshark: readonly MptcpLayout[] = mptcpLayouts.filter(
  (layout) =>
    layout.subtype !== undefined && Object.values(wordsOf(layout)).every(({ isKnownToTshark }) => !isKnownToTshark),
);

export const writeDissector = (subtypes: DraftSubtypes, place: JoinCapLayout['place']): string => `\
-- Wireshark post-dissector for the options of draft-amend-tcpm-mptcp-robe (MPTCP, TCP option kind 30).
--   wireshark -X lua_script:robe.lua trace.pcapng
--   tshark -r trace.pcapng -X lua_script:robe.lua -Y robe.mp_join_cap.mac -V
-- Fields: ${unknownToWireshark.map(fieldNames).join(', ')}.
-- The draft assigns no subtypes; those below are what the run used, and preferences of the protocol.

local robe = Proto("robe", "MPTCP RobE")

${unknownToWireshark.map((layout) => preference(layout, subtypes)).join('\n')}

local fields = {
${unknownToWireshark.flatMap(protoFields).join('\n')}
  ["mp_join_cap.fast_hash"] = ProtoField.uint16("robe.mp_join_cap.fast_hash", "Fast hash of Key-B", base.HEX),
}
for _, field in pairs(fields) do table.insert(robe.fields, field) end

local damaged = ProtoExpert.new("robe.damaged", "Option of RobE with a wrong length", expert.group.MALFORMED, expert.severity.WARN)
robe.experts = { damaged }

local tcp_options = Field.new("tcp.options")

-- The unsigned integer of a range; of more than eight octets the last eight.
local function low64(range)
  local count = math.min(range:len(), 8)
  return range(range:len() - count, count):uint64()
end

-- The ten bits of the MAC that carry the fast hash; none where truncation drops them.
local function add_fast_hash(node, mac)
${fastHashLua(place)}
end

local dissectors = {}

${unknownToWireshark.map((layout) => dissectOption(layout, more)).join('\n\n')}

function robe.dissector(tvb, pinfo, tree)
  for _, found in ipairs({ tcp_options() }) do
    local options = found.range
    local at = 0
    while at < options:len() do
      local kind = options(at, 1):uint()
      if kind == 0 then break end
      if kind == 1 then
        at = at + 1
      else
        if at + 2 > options:len() then break end
        local length = options(at + 1, 1):uint()
        if length < 2 or at + length > options:len() then break end
        if kind == 30 and length >= 3 then
          local option = options(at, length)
          local subtype = math.floor(option(2, 1):uint() / 16)
          for _, each in ipairs(dissectors) do
            if subtype == robe.prefs[each.preference] then
              each.dissect(option, tree:add(robe, option, "MPTCP RobE: " .. each.title))
              pinfo.cols.info:append(" " .. each.title)
              break
            end
          end
        end
        at = at + length
      end
    end
  end
end

register_postdissector(robe)
`;

/** What is read out of a field besides itself, in Lua; `range` is its octets. */
const more: Readonly<Record<string, string>> = { 'mp_join_cap.mac': 'add_fast_hash(node, range)' };

const fieldNames = (layout: MptcpLayout): string =>
  `robe.${layout.option} (${Object.keys(wordsOf(layout))
    .map((word) => `.${word}`)
    .join(' ')}${layout.option === 'mp_join_cap' ? ' .fast_hash' : ''})`;

const preference = ({ option, meaning, subtype }: MptcpLayout, subtypes: DraftSubtypes): string =>
  `robe.prefs.${preferenceName(option)} = Pref.uint("Subtype of ${meaning}", ${numberOf(subtype, subtypes) ?? 0}, "Number of the MPTCP subtype, 0 to 15")`;

const fastHashLua = (place: JoinCapLayout['place']): string => {
  switch (place) {
    case 'lsb-after-truncation':
      return '  local octets = mac(mac:len() - 2, 2)\n  node:add(fields["mp_join_cap.fast_hash"], octets, octets:uint() % 1024)';
    case 'msb':
      return '  local octets = mac(0, 2)\n  node:add(fields["mp_join_cap.fast_hash"], octets, math.floor(octets:uint() / 64))';
    case 'before-truncation':
      return '';
  }
};
