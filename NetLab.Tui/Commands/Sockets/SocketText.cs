using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>The words of a socket's row as UTF-8.</summary>
internal static class SocketText
{
    /// <summary>Writes "127.0.0.1:8000", "[::1]:8000"; an endpoint that is not there is "*".</summary>
    public static void Endpoint(ref Utf8Line line, Endpoint endpoint)
    {
        if (endpoint.IsUnknown)
        {
            line.Character((byte)'*');
            return;
        }

        if (endpoint.Address.IsIPv4)
        {
            line.Ipv4(endpoint.Address.IPv4);
        }
        else
        {
            line.Character((byte)'[');
            line.Address(endpoint.Address);
            line.Character((byte)']');
        }

        line.Character((byte)':');
        line.Number((uint)endpoint.Port);
    }

    /// <summary>Writes spaces until the line is that long.</summary>
    public static void PadTo(ref Utf8Line line, int length)
    {
        while (line.Length < length && !line.IsFull)
            line.Character((byte)' ');
    }

    /// <summary>Writes a number right-aligned.</summary>
    public static void Number(ref Utf8Line line, ulong value, int width)
    {
        int digits = 1;
        for (ulong rest = value; rest >= 10; rest /= 10)
            digits++;
        PadTo(ref line, line.Length + width - digits);
        line.Number(value);
    }

    /// <summary>Writes a process's name: its bytes may be anything, and control characters become visible.</summary>
    public static void Name(ref Utf8Line line, ReadOnlySpan<byte> name)
    {
        if (IsPlain(name))
            line.Text(name);
        else
            line.Text(EventText.Printable(Encoding.UTF8.GetString(name)));
    }

    /// <summary>Whether it is printable ASCII.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (value is < 0x20 or > 0x7E)
                return false;
        }

        return true;
    }

    /// <summary>The timer's name; empty where none runs.</summary>
    public static ReadOnlySpan<byte> Timer(SocketTimer timer) => timer switch
    {
        SocketTimer.Retransmission => "retransmit"u8,
        SocketTimer.KeepAlive => "keepalive"u8,
        SocketTimer.TimeWait => "timewait"u8,
        SocketTimer.Probe => "probe"u8,
        _ => default,
    };

    /// <summary>The state's name: RFC 9293's, or for UDP whether it is connected.</summary>
    public static string State(in SocketDetail detail) => NetLab.Core.Views.SocketsView.StateName(detail);
}
