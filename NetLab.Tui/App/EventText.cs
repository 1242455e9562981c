using System.Globalization;
using System.Text;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Packets;
using NetLab.Core.Views;

namespace NetLab.Tui.App;

/// <summary>Events as lines of text: calls as strace writes them, packets as tcpdump writes them.</summary>
internal static class EventText
{
    private static readonly Duration s_asleep = Duration.FromMilliseconds(1);

    /// <summary>"accept4(3) = 4  390 ms asleep".</summary>
    public static string Call(in LabEvent entry, ReadOnlySpan<byte> arguments, NameTable names)
    {
        ref readonly var call = ref entry.Detail.Syscall;
        var text = new StringBuilder(names[call.Name]).Append('(');
        if (call.Descriptor >= 0)
            text.Append(CultureInfo.InvariantCulture, $"{call.Descriptor}{(arguments.IsEmpty ? "" : ", ")}");
        text.Append(Printable(Encoding.UTF8.GetString(arguments))).Append(") = ");
        if (call.Result < 0)
            text.Append(CultureInfo.InvariantCulture, $"-1 {((Errno)(-call.Result)).Name()} ({((Errno)(-call.Result)).Words()})");
        else
            text.Append(call.Result);
        if (call.Duration >= s_asleep)
            text.Append(CultureInfo.InvariantCulture, $"  after {call.Duration}");
        return text.ToString();
    }

    /// <summary>"IP 127.0.0.1.45026 > 127.0.0.1.8000: Flags [S], seq 0, …".</summary>
    public static string Packet(PacketLogView packets, in PacketRow row)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var line = new Utf8Line(buffer);
        packets.WriteLine(row, ref line);
        return Encoding.UTF8.GetString(line.Written);
    }

    /// <summary>"SYN_RCVD → ESTABLISHED  rcv ACK, after 7 µs".</summary>
    public static string State(StateChange change)
    {
        string cause = change.Cause.Length == 0 ? "" : $"  {change.Cause}";
        string spent = change.Spent == Duration.Zero ? "" : $"  after {change.Spent}";
        string known = change.Provenance == Provenance.Observed ? "" : $"  ({change.Provenance.Name()})";
        return $"{Core.Tcp.TcpStateNames.Name(change.From)} → {Core.Tcp.TcpStateNames.Name(change.To)}{cause}{spent}{known}";
    }

    /// <summary>Text from a network, a script or a process with its control characters made visible.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var safe = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (char.IsControl(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                safe.Append(c);
        }

        return safe.ToString();
    }
}
