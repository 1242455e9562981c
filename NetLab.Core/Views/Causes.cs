using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>What can cause a change of state by RFC 9293 figure 5: a call of the program or a segment of the peer.</summary>
internal static class Causes
{
    /// <summary>The call that makes this change, or null when a segment or a timer does.</summary>
    public static string? Call(TcpState from, TcpState to) => (from, to) switch
    {
        (_, TcpState.Listen) => "listen",
        (TcpState.Listen, TcpState.Closed) => "close",
        (_, TcpState.SynSent) => "connect",
        (_, TcpState.FinWait1) or (_, TcpState.LastAck) => "close",
        _ => null,
    };

    /// <summary>Whether a segment with these flags can make this change.</summary>
    public static bool Fits(TcpState from, TcpState to, TcpFlags flags) => to switch
    {
        TcpState.SynRcvd => flags.HasFlag(TcpFlags.Syn),
        TcpState.Established or TcpState.FinWait2 => flags.HasFlag(TcpFlags.Ack),
        TcpState.CloseWait or TcpState.Closing => flags.HasFlag(TcpFlags.Fin),
        TcpState.TimeWait => from == TcpState.Closing ? flags.HasFlag(TcpFlags.Ack) : flags.HasFlag(TcpFlags.Fin),
        TcpState.Closed => flags.HasFlag(TcpFlags.Rst) || from == TcpState.LastAck && flags.HasFlag(TcpFlags.Ack),
        _ => false,
    };

    /// <summary>The event's name as the figure writes it: "rcv SYN,ACK".</summary>
    public static string Received(TcpFlags flags)
    {
        bool acknowledges = flags.HasFlag(TcpFlags.Ack);
        if (flags.HasFlag(TcpFlags.Rst))
            return "rcv RST";
        if (flags.HasFlag(TcpFlags.Syn))
            return acknowledges ? "rcv SYN,ACK" : "rcv SYN";
        if (flags.HasFlag(TcpFlags.Fin))
            return acknowledges ? "rcv FIN,ACK" : "rcv FIN";
        return "rcv ACK";
    }
}
