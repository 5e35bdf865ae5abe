/**
 * A Wireshark post-dissector for the options of draft-amend-tcpm-mptcp-robe, which Wireshark shows as unknown subtypes of
 * MPTCP. It is written beside each trace with the subtype numbers and the place of the fast hash that the run used; the
 * numbers can be changed in Wireshark's preferences, under Protocols, ROBE.
 *
 *     tshark -r trace.pcapng -X lua_script:robe.lua -Y robe.mp_join_cap.hmac
 */
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';

export const writeDissector = (subtypes: DraftSubtypes, place: JoinCapLayout['place']): string => `\
-- Wireshark post-dissector for the options of draft-amend-tcpm-mptcp-robe (MPTCP, TCP option kind 30).
--   wireshark -X lua_script:robe.lua trace.pcapng
--   tshark -r trace.pcapng -X lua_script:robe.lua -Y robe.mp_join_cap.hmac -V
-- Fields: robe.robe_esim_en, robe.mp_join_cap (.address_id .sender_key .hmac .fast_hash), robe.l_rtt_en (.rtt .width).
-- The draft assigns no subtypes; those below are what the run used, and preferences of the protocol.

local robe = Proto("robe", "MPTCP RobE")

robe.prefs.esim_en = Pref.uint("Subtype of ROBE_eSIM_EN", ${subtypes.esimEn}, "Number of the MPTCP subtype, 0 to 15")
robe.prefs.mp_join_cap = Pref.uint("Subtype of MP_JOIN_CAP", ${subtypes.joinCap}, "Number of the MPTCP subtype, 0 to 15")
robe.prefs.l_rtt_en = Pref.uint("Subtype of L_RTT_EN", ${subtypes.lRtt}, "Number of the MPTCP subtype, 0 to 15")

local fields = {
  esim = ProtoField.none("robe.robe_esim_en", "ROBE_eSIM_EN"),
  esim_reserved = ProtoField.uint16("robe.robe_esim_en.reserved", "Reserved", base.HEX, nil, 0x0fff),
  join = ProtoField.none("robe.mp_join_cap", "MP_JOIN_CAP"),
  join_reserved = ProtoField.uint8("robe.mp_join_cap.reserved", "Reserved", base.HEX, nil, 0x0f),
  address_id = ProtoField.uint8("robe.mp_join_cap.address_id", "Address ID"),
  sender_key = ProtoField.uint64("robe.mp_join_cap.sender_key", "Key-A of the elected flow", base.HEX),
  hmac = ProtoField.bytes("robe.mp_join_cap.hmac", "MAC with the fast hash"),
  fast_hash = ProtoField.uint16("robe.mp_join_cap.fast_hash", "Fast hash of Key-B", base.HEX),
  rtt_option = ProtoField.none("robe.l_rtt_en", "L_RTT_EN"),
  rtt_reserved = ProtoField.uint16("robe.l_rtt_en.reserved", "Reserved", base.HEX, nil, 0x0fff),
  rtt_width = ProtoField.uint8("robe.l_rtt_en.width", "Octets of the value"),
  rtt = ProtoField.uint64("robe.l_rtt_en.rtt", "Latest RTT"),
}
for _, field in pairs(fields) do table.insert(robe.fields, field) end

local damaged = ProtoExpert.new("robe.damaged", "Option of RobE with a wrong length", expert.group.MALFORMED, expert.severity.WARN)
robe.experts = { damaged }

local tcp_options = Field.new("tcp.options")

-- ROBE_eSIM_EN: 30 | 4 | subtype, twelve reserved bits
local function robe_esim_en(option, tree)
  local node = tree:add(fields.esim, option)
  if option:len() ~= 4 then return node:add_proto_expert_info(damaged) end
  node:add(fields.esim_reserved, option(2, 2))
end

-- The ten bits of the MAC that carry the fast hash; none where truncation drops them.
local function fast_hash(mac)
${fastHashLua(place)}
end

-- MP_JOIN_CAP: 30 | length | subtype, reserved | address ID | Key-A (8) | MAC (12 or more)
local function mp_join_cap(option, tree)
  local node = tree:add(fields.join, option)
  if option:len() < 24 then return node:add_proto_expert_info(damaged) end
  node:add(fields.join_reserved, option(2, 1))
  node:add(fields.address_id, option(3, 1))
  node:add(fields.sender_key, option(4, 8))
  local mac = option(12, option:len() - 12)
  node:add(fields.hmac, mac)
  local octets, value = fast_hash(mac)
  if octets then node:add(fields.fast_hash, octets, value) end
end

-- L_RTT_EN: 30 | 8, 12 or 16 | subtype, twelve reserved bits | latest RTT
local function l_rtt_en(option, tree)
  local node = tree:add(fields.rtt_option, option)
  local width = option:len() - 4
  if width ~= 4 and width ~= 8 and width ~= 12 then return node:add_proto_expert_info(damaged) end
  node:add(fields.rtt_reserved, option(2, 2))
  node:add(fields.rtt_width, option(1, 1), width)
  -- Of twelve octets the last eight: no clock needs more.
  local value = width == 4 and option(4, 4) or option(option:len() - 8, 8)
  node:add(fields.rtt, value, value:uint64())
end

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
          local name, dissect
          if subtype == robe.prefs.esim_en then name, dissect = "ROBE_eSIM_EN", robe_esim_en
          elseif subtype == robe.prefs.mp_join_cap then name, dissect = "MP_JOIN_CAP", mp_join_cap
          elseif subtype == robe.prefs.l_rtt_en then name, dissect = "L_RTT_EN", l_rtt_en end
          if dissect then
            dissect(option, tree:add(robe, option, "MPTCP RobE: " .. name))
            pinfo.cols.info:append(" " .. name)
          end
        end
        at = at + length
      end
    end
  end
end

register_postdissector(robe)
`;

const fastHashLua = (place: JoinCapLayout['place']): string => {
  switch (place) {
    case 'lsb-after-truncation':
      return '  local octets = mac(mac:len() - 2, 2)\n  return octets, octets:uint() % 1024';
    case 'msb':
      return '  local octets = mac(0, 2)\n  return octets, math.floor(octets:uint() / 64)';
    case 'before-truncation':
      return '  return nil';
  }
};
