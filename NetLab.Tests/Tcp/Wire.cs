using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Tcp;

/// <summary>Segments as lines: "> SA seq 300 ack 101 win 0 len 5" goes from the first end (&gt;) or from the second (&lt;), a millisecond after the one before.</summary>
internal static class Wire
{
    public static readonly FourTuple Tuple = new(new Endpoint(IpAddress.Loopback, 40000), new Endpoint(IpAddress.Loopback, 8000));

    public static (TcpSegment Segment, int Sender) Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        uint Number(string name, uint otherwise) =>
            Array.IndexOf(words, name) is >= 0 and var at ? (uint)long.Parse(words[at + 1]) : otherwise;
        var flags = words[1].Aggregate(TcpFlags.None, (all, letter) => all | letter switch
        {
            'S' => TcpFlags.Syn,
            'F' => TcpFlags.Fin,
            'R' => TcpFlags.Rst,
            'P' => TcpFlags.Psh,
            'A' => TcpFlags.Ack,
            _ => throw new FormatException(line),
        });
        int sender = words[0] == ">" ? 0 : 1;
        return (new TcpSegment(sender == 0 ? Tuple : Tuple.Reversed, flags, Number("seq", 0), Number("ack", 0), (ushort)Number("win", 64),
            (int)Number("len", 0)), sender);
    }

    public static Timestamp At(int milliseconds) => new(1_000_000L * milliseconds);
}
