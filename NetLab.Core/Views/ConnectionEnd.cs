using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>One end of a connection, or a socket that listens: whose it is, and the states it went through.</summary>
public sealed class ConnectionEnd
{
    private readonly List<StateChange> _path = [];

    internal ConnectionEnd(FourTuple tuple) => Tuple = tuple;

    /// <summary>Its addresses as far as they are known.</summary>
    public FourTuple Tuple { get; internal set; }

    /// <summary>The script's actor it belongs to, if one.</summary>
    public NameId Actor { get; internal set; }

    /// <summary>The name that the script gave the socket, if one.</summary>
    public NameId SocketName { get; internal set; }

    /// <summary>Its process's name, if known.</summary>
    public NameId Process { get; internal set; }

    /// <summary>Its process, or 0.</summary>
    public int ProcessId { get; internal set; }

    /// <summary>Its address in the kernel, or 0.</summary>
    public ulong KernelSocket { get; internal set; }

    /// <summary>Its state now.</summary>
    public TcpState State { get; private set; }

    /// <summary>Since when.</summary>
    public Timestamp Since { get; private set; }

    /// <summary>When TIME_WAIT will be over, by the socket table's timer or by Linux's 60 seconds.</summary>
    public Timestamp? TimeWaitEnds { get; internal set; }

    /// <summary>Every change, in order.</summary>
    public IReadOnlyList<StateChange> Path => _path;

    /// <summary>The weakest way in which a state of the path is known.</summary>
    public Provenance Provenance => _path.Count == 0 ? Provenance.Sampled : _path.Max(change => change.Provenance);

    /// <summary>Whether it was closed, or never was open.</summary>
    public bool IsOver => State is TcpState.Closed or TcpState.Unknown;

    /// <summary>Packets that it sent.</summary>
    public long PacketsSent { get; internal set; }

    /// <summary>Octets of data that it sent, retransmissions included.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Whether the kernel has said that the socket is gone, while the connection lives on in a time-wait socket.</summary>
    internal bool IsTimeWaitSocket => HandedOver is not null;

    /// <summary>Whether it is not known yet what the kernel's end of the socket was: TIME_WAIT, FIN_WAIT_2 going on, or CLOSED.</summary>
    internal bool IsUndecided => IsTimeWaitSocket && State is (TcpState.FinWait2 or TcpState.Closing);

    /// <summary>When the time-wait socket took over; null while the socket is there.</summary>
    internal Timestamp? HandedOver { get; set; }

    /// <summary>The call during which the kernel ended it, if known: the cause, if an RST of its own follows.</summary>
    internal string? EndingCall { get; set; }

    /// <summary>Whether the kernel told of this end: then what follows from the packets is not shown beside it.</summary>
    internal bool IsObserved { get; set; }

    /// <summary>The packet toward it that came last: what a change in a soft interrupt was caused by.</summary>
    internal PacketToward LastPacket { get; set; }

    /// <summary>The SYN toward it that came last.</summary>
    internal PacketToward Syn { get; set; }

    /// <summary>The FIN toward it that came last.</summary>
    internal PacketToward Fin { get; set; }

    /// <summary>What is left of TIME_WAIT at a moment; null outside of it.</summary>
    public Duration? TimeWaitRemaining(Timestamp now) =>
        State == TcpState.TimeWait && TimeWaitEnds is { } end ? (end > now ? end - now : Duration.Zero) : null;

    /// <summary>Says in which state it was when it was met, since when is not known; that is no change.</summary>
    internal void WasIn(TcpState state)
    {
        if (_path.Count == 0)
            State = state;
    }

    internal StateChange Enter(TcpState to, Timestamp time, Provenance provenance, string cause, EventReference? packet)
    {
        var from = State == TcpState.Unknown ? TcpState.Closed : State;
        var change = new StateChange(this, time, from, to, provenance, _path.Count == 0 ? Duration.Zero : time - Since) { Cause = cause, Packet = packet };
        _path.Add(change);
        (State, Since) = (to, time);
        return change;
    }

    /// <summary>Takes back the latest changes, which turned out not to have happened (yet).</summary>
    internal void TakeBack(int count)
    {
        while (count-- > 0 && _path is [.., var last])
        {
            _path.RemoveAt(_path.Count - 1);
            (State, Since) = _path is [.., var before] ? (before.To, before.Time) : (last.From, last.Time);
        }
    }

    internal readonly record struct PacketToward(EventReference Reference, TcpFlags Flags);
}
