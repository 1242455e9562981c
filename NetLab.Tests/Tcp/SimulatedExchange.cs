using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Tcp;

/// <summary>
/// Two ends of RFC 9293 that talk over a wire without delay, as loopback is: a segment is captured, and what it does is done, before the next
/// is sent. Their programs open, send, close and abort in an order that the seed chooses; segments are now and then sent twice.
/// </summary>
internal sealed class SimulatedExchange(int seed)
{
    private readonly Random _random = new(seed);
    private readonly End[] _ends = [new() { Next = (uint)(seed * 7919) }, new() { Next = uint.MaxValue - (uint)(seed % 40) }];
    private readonly Queue<(TcpSegment Segment, int Sender)> _inFlight = new();

    public List<(TcpSegment Segment, int Sender)> Segments { get; } = [];

    public IReadOnlyList<TcpState> Path(int end) => _ends[end].Path;

    public void Run()
    {
        Open();
        for (int step = 0; step < 12; step++)
        {
            // Two acts before the wire is quiet make simultaneous closes.
            Act(_random.Next(2));
            if (_random.Next(3) > 0)
                Deliver();
        }

        Deliver();
    }

    private void Open()
    {
        bool simultaneous = _random.Next(5) == 0;
        Enter(0, TcpState.SynSent);
        if (simultaneous)
        {
            // Both SYNs are on the wire before either arrives.
            Enter(1, TcpState.SynSent);
            Send(0, TcpFlags.Syn);
            Send(1, TcpFlags.Syn);
        }
        else
        {
            _ends[1].Listens = true;
            Send(0, TcpFlags.Syn);
        }

        Deliver();
    }

    private void Act(int index)
    {
        ref var end = ref _ends[index];
        switch (_random.Next(8))
        {
            case < 4 when end.State is TcpState.Established or TcpState.CloseWait:
                Send(index, TcpFlags.Ack | TcpFlags.Psh, _random.Next(1, 50));
                break;
            case < 7 when end.State is TcpState.Established or TcpState.CloseWait:
                Enter(index, end.State == TcpState.Established ? TcpState.FinWait1 : TcpState.LastAck);
                Send(index, TcpFlags.Fin | TcpFlags.Ack);
                end.FinEnd = end.Next;
                break;
            case 7 when end.State is TcpState.Established or TcpState.CloseWait && _random.Next(4) == 0 && _inFlight.Count == 0:
                Enter(index, TcpState.Closed);
                Send(index, TcpFlags.Rst | TcpFlags.Ack);
                // A FIN that crosses a reset on the wire cannot be told from one that was never sent in time; on loopback none does.
                Deliver();
                break;
        }
    }

    private void Send(int index, TcpFlags flags, int length = 0)
    {
        ref var end = ref _ends[index];
        var segment = new TcpSegment(index == 0 ? Wire.Tuple : Wire.Tuple.Reversed, flags, end.Next, end.Expected, 64, length);
        // The SYN,ACK of a simultaneous open repeats the SYN's number.
        if (flags.HasFlag(TcpFlags.Syn) && end.SynSent)
            segment = segment with { Sequence = end.Next - 1 };
        else
            end.Next = segment.End;
        end.SynSent |= flags.HasFlag(TcpFlags.Syn);
        bool twice = _random.Next(10) == 0 && !flags.HasFlag(TcpFlags.Rst);
        for (int copy = 0; copy < (twice ? 2 : 1); copy++)
        {
            Segments.Add((segment, index));
            _inFlight.Enqueue((segment, index));
        }
    }

    private void Deliver()
    {
        while (_inFlight.TryDequeue(out var next))
            Receive(next.Segment, 1 - next.Sender);
    }

    private void Receive(in TcpSegment segment, int index)
    {
        ref var end = ref _ends[index];
        if (end.State is TcpState.Closed or TcpState.Unknown && !end.Listens)
            return;
        if (segment.Flags.HasFlag(TcpFlags.Rst))
        {
            Enter(index, TcpState.Closed);
            return;
        }

        if (segment.Flags.HasFlag(TcpFlags.Syn))
        {
            Synchronize(segment, index);
            return;
        }

        if (end.State == TcpState.SynRcvd && segment.Acknowledgment == end.Next)
            Enter(index, TcpState.Established);
        if (end.FinEnd is { } fin && (int)(segment.Acknowledgment - fin) >= 0)
        {
            if (end.State == TcpState.FinWait1)
                Enter(index, TcpState.FinWait2);
            else if (end.State == TcpState.Closing)
                Enter(index, TcpState.TimeWait);
            else if (end.State == TcpState.LastAck)
                Enter(index, TcpState.Closed);
        }

        if (segment.SequenceLength == 0 || end.State == TcpState.Closed)
            return;
        bool isNew = segment.Sequence == end.Expected;
        if (isNew)
            end.Expected = segment.End;
        if (isNew && segment.Flags.HasFlag(TcpFlags.Fin))
        {
            Enter(index, end.State switch
            {
                TcpState.FinWait1 => TcpState.Closing,
                TcpState.FinWait2 => TcpState.TimeWait,
                _ => TcpState.CloseWait,
            });
        }

        Send(index, TcpFlags.Ack);
    }

    private void Synchronize(in TcpSegment segment, int index)
    {
        ref var end = ref _ends[index];
        bool acknowledges = segment.Flags.HasFlag(TcpFlags.Ack) && segment.Acknowledgment == end.Next;
        if (end.Listens && end.State == TcpState.Unknown)
        {
            end.Expected = segment.End;
            Enter(index, TcpState.SynRcvd);
            Send(index, TcpFlags.Syn | TcpFlags.Ack);
        }
        else if (end.State == TcpState.SynSent)
        {
            end.Expected = segment.Sequence + 1;
            Enter(index, acknowledges ? TcpState.Established : TcpState.SynRcvd);
            Send(index, acknowledges ? TcpFlags.Ack : TcpFlags.Syn | TcpFlags.Ack);
        }
        else if (end.State == TcpState.SynRcvd && acknowledges)
        {
            Enter(index, TcpState.Established);
            Send(index, TcpFlags.Ack);
        }
        else
        {
            Send(index, TcpFlags.Ack);
        }
    }

    private void Enter(int index, TcpState state)
    {
        ref var end = ref _ends[index];
        if (end.State == state)
            return;
        end.State = state;
        end.Path.Add(state);
    }

    private struct End()
    {
        internal TcpState State;
        internal uint Next;
        internal uint Expected;
        internal uint? FinEnd;
        internal bool Listens;
        internal bool SynSent;
        internal readonly List<TcpState> Path = [];
    }
}
