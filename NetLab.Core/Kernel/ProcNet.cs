using System.Buffers.Text;

namespace NetLab.Core.Kernel;

/// <summary>The socket table as text, /proc/net/{tcp,tcp6,udp,udp6}: for where sock_diag is refused. No TCP_INFO, no cookies (proc(5)).</summary>
internal static class ProcNet
{
    private const byte Tcp = 6, Udp = 17;
    // Timers run in clock ticks, of which user space is told 100 a second on every Linux.
    private const long NanosecondsATick = 10_000_000;

    /// <summary>Adds the sockets of the kinds that pass the filter; a file that is missing (no IPv6) adds none.</summary>
    internal static void Dump(SocketQuery query, SocketRows rows)
    {
        foreach (string name in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            var kind = name.StartsWith("tcp", StringComparison.Ordinal) ? SocketKinds.Tcp : SocketKinds.Udp;
            var family = name.EndsWith('6') ? SocketFamilies.IPv6 : SocketFamilies.IPv4;
            string file = "/proc/net/" + name;
            if ((query.Kinds & kind) != 0 && (query.Families & family) != 0 && File.Exists(file))
                Read(File.ReadAllBytes(file), kind == SocketKinds.Tcp ? Tcp : Udp, query, rows);
        }
    }

    /// <summary>Reads one file's text; lines that are no sockets are passed over.</summary>
    internal static void Read(ReadOnlySpan<byte> text, byte protocol, SocketQuery query, SocketRows rows)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            ref var row = ref rows.Add();
            if (!TryReadLine(line, protocol, ref row) || !query.Matches(protocol, row.Detail.State, row.Tuple.Local.Port, row.Tuple.Remote.Port))
                rows.RemoveLast();
        }
    }

    // "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 …"
    private static bool TryReadLine(ReadOnlySpan<byte> line, byte protocol, ref SocketRow row)
    {
        var number = Next(ref line);
        if (number is not [.., (byte)':'] || !TryEndpoint(Next(ref line), out var local, out bool v6) || !TryEndpoint(Next(ref line), out var remote, out _)
            || !TryHex(Next(ref line), out ulong state) || !TryPair(Next(ref line), out ulong send, out ulong receive)
            || !TryPair(Next(ref line), out ulong timer, out ulong when) || !TryHex(Next(ref line), out ulong retransmits)
            || !Utf8Parser.TryParse(Next(ref line), out uint user, out _) || Next(ref line).IsEmpty
            || !Utf8Parser.TryParse(Next(ref line), out ulong inode, out _))
            return false;
        row.IsIPv6 = v6;
        row.Tuple = new FourTuple(local, remote);
        ref var detail = ref row.Detail;
        (detail.Protocol, detail.State) = (protocol, KernelState.ToTcpState((byte)state));
        (detail.SendQueue, detail.ReceiveQueue) = ((uint)send, (uint)receive);
        detail.Timer = timer <= (byte)SocketTimer.Probe && protocol == Tcp ? (SocketTimer)timer : SocketTimer.Off;
        detail.TimerRemaining = detail.Timer == SocketTimer.Off ? Duration.Zero : new Duration((long)Math.Min(when, uint.MaxValue) * NanosecondsATick);
        (detail.Retransmits, detail.UserId, detail.Inode) = ((uint)retransmits, user, inode);
        return true;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        int end = line.IndexOf((byte)' ');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    // The address is written as 32-bit words in the machine's order: 0100007F is 127.0.0.1 on a little-endian one.
    private static bool TryEndpoint(ReadOnlySpan<byte> text, out Endpoint endpoint, out bool v6)
    {
        (endpoint, v6) = (default, text.Length == 37);
        if (text.Length is not (13 or 37) || text[^5] != ':' || !TryHex(text[^4..], out ulong port))
            return false;
        Span<byte> address = stackalloc byte[v6 ? 16 : 4];
        for (int index = 0; index < address.Length; index += 4)
        {
            if (!TryHex(text.Slice(index * 2, 8), out ulong word))
                return false;
            BitConverter.TryWriteBytes(address[index..], (uint)word);
        }

        endpoint = new Endpoint(IpAddress.FromBytes(address), (ushort)port);
        return true;
    }

    private static bool TryPair(ReadOnlySpan<byte> text, out ulong left, out ulong right)
    {
        (left, right) = (0, 0);
        int colon = text.IndexOf((byte)':');
        return colon > 0 && TryHex(text[..colon], out left) && TryHex(text[(colon + 1)..], out right);
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out ulong number) =>
        Utf8Parser.TryParse(text, out number, out int used, 'x') && used == text.Length;
}
