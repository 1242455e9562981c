using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>
/// What can cause a change of state by RFC 9293, in the words of a program on Linux: <see cref="TransitionTable"/>'s passive open is a listen, its active open a connect.
/// </summary>
internal static class Causes
{
    /// <summary>What ends TIME_WAIT.</summary>
    public const string TimeWaitOver = "2MSL timeout";

    /// <summary>What ends an attempt that nobody answers, and a connection whose peer answers no probe.</summary>
    public const string UserTimeout = "user timeout";

    /// <summary>The call that makes this change, or null when a segment or a timer does, or may do.</summary>
    public static string? Call(TcpState from, TcpState to) => (from, to) switch
    {
        (TcpState.SynRcvd, TcpState.Listen) => null,
        (_, TcpState.Listen) => "listen",
        (TcpState.Listen, TcpState.Closed) => "close",
        (_, TcpState.SynSent) => "connect",
        (_, TcpState.FinWait1) or (_, TcpState.LastAck) => "close",
        _ => null,
    };

    /// <summary>What takes an end to CLOSED without a segment of the peer, when its state was this.</summary>
    public static string End(TcpState from) => from switch
    {
        TcpState.Listen or TcpState.SynSent => "close",
        TcpState.TimeWait => TimeWaitOver,
        _ => "abort",
    };

    /// <summary>Whether a segment with these flags can make this change.</summary>
    public static bool Fits(TcpState from, TcpState to, TcpFlags flags) => to switch
    {
        TcpState.Listen => from == TcpState.SynRcvd && flags.HasFlag(TcpFlags.Rst),
        TcpState.SynRcvd => flags.HasFlag(TcpFlags.Syn),
        TcpState.Established => flags.HasFlag(TcpFlags.Ack),
        // No SYN,ACK acknowledges a FIN.
        TcpState.FinWait2 => flags.HasFlag(TcpFlags.Ack) && !flags.HasFlag(TcpFlags.Syn),
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
