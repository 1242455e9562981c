using System.Buffers.Binary;

namespace NetLab.Benchmarks;

/// <summary>Frames as loopback HTTP has them: of a thousand connections, every fourth with a request.</summary>
internal static class LoopbackPackets
{
    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"u8.ToArray();

    public static byte[] Http(int index)
    {
        byte[] payload = index % 4 == 0 ? s_request : [];
        byte[] packet = new byte[66 + payload.Length];
        packet[12] = 8;
        packet[14] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(16), (ushort)(52 + payload.Length));
        (packet[22], packet[23]) = (64, 6);
        packet[26] = packet[30] = 127;
        packet[29] = packet[33] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(34), (ushort)(40_000 + index % 1000));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), 80);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(38), (uint)index);
        (packet[46], packet[47]) = (0x80, 0x18);
        packet[54] = packet[55] = 1;
        payload.CopyTo(packet, 66);
        return packet;
    }
}
