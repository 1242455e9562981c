using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>
/// Sends every message of a script to every lane, each at its time: the one sender of a race. It does not wait for a lane whose buffer is full; what is
/// left of a message follows when there is room again. A lane gets of a message as much as its buffer takes, then the next lane.
/// </summary>
internal sealed unsafe class ArrivalSender
{
    private const int PieceSize = 65_536;
    private static readonly Duration s_look = Duration.FromMilliseconds(50), s_room = Duration.FromMilliseconds(1);

    private readonly ArrivalScript _script;
    private readonly RaceGate _gate;
    private readonly Outlet[] _outlets;
    private long _sent;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(PieceSize, pinned: true);

    /// <param name="script">What to send.</param>
    /// <param name="gate">What each message passes.</param>
    /// <param name="lanes">To which lanes, and by which descriptors.</param>
    public ArrivalSender(ArrivalScript script, RaceGate gate, IReadOnlyList<(IoLane Lane, int[] Writers)> lanes)
    {
        (_script, _gate) = (script, gate);
        _outlets = [.. lanes.Select(lane => new Outlet(lane.Lane, lane.Writers))];
    }

    /// <summary>Sends everything; returns when all is sent, or nobody reads any more, or <paramref name="stop"/> says so.</summary>
    /// <param name="patience">How long a lane may leave no room for more, while calls are not held.</param>
    /// <param name="stop">Ends it.</param>
    public void Run(Duration patience, CancellationToken stop)
    {
        PreciseSleep.TakeNoSlack();
        for (int message = 0; message < _script.Arrivals.Count; message++)
        {
            while (!_gate.PassSender(message, _script.Arrivals[message].At.Nanoseconds, IsBehind ? s_room : s_look))
            {
                if (stop.IsCancellationRequested || !_outlets.Any(outlet => outlet.IsRead))
                    return;
                GoOn(default);
            }

            if (stop.IsCancellationRequested)
                return;
            // Who comes first is another one each time, so that no lane is always the last to be woken.
            for (int turn = 0; turn < _outlets.Length; turn++)
            {
                var outlet = _outlets[(turn + message) % _outlets.Length];
                outlet.Waiting.Enqueue((message, _script.Arrivals[message].Bytes));
                Send(outlet);
            }
        }

        var (last, sent) = (_gate.Now, _sent);
        while (IsBehind && !stop.IsCancellationRequested && (_gate.IsHeld || _gate.Now - last < patience.Nanoseconds))
        {
            GoOn(s_look);
            if (sent != _sent)
                (last, sent) = (_gate.Now, _sent);
        }
    }

    private bool IsBehind => _outlets.Any(outlet => outlet.IsBehind);

    // Sends on to those lanes that have room again.
    private void GoOn(Duration patience)
    {
        var behind = _outlets.Where(outlet => outlet.IsBehind).ToArray();
        if (behind.Length == 0)
            return;
        var watched = behind.Select(outlet => new PollEntry(outlet.Writer, PollEvents.Writable)).ToArray();
        Poll.Wait(watched, patience.ToTimeSpan());
        for (int index = 0; index < behind.Length; index++)
        {
            if (watched[index].Came != PollEvents.None)
                Send(behind[index]);
        }
    }

    private void Send(Outlet outlet)
    {
        while (outlet.Waiting.TryPeek(out var next) && outlet.IsRead)
        {
            int place = outlet.Lane.Mail.PlaceOf(next.Message);
            long offset = outlet.Offsets[place];
            int length = Math.Min(PieceSize, next.Left);
            for (int index = 0; index < length; index++)
                _buffer[index] = LaneMail.Byte(place, offset + index);
            outlet.Lane.Mail.Sending(next.Message, place, _gate.Now);
            nint sent;
            fixed (byte* buffer = _buffer)
                sent = SocketCalls.Send(outlet.Writers[place], buffer, (nuint)length, SocketConstants.MSG_DONTWAIT | SocketConstants.MSG_NOSIGNAL);
            if (sent <= 0)
            {
                outlet.Lane.Mail.NotSent();
                if (SocketCalls.LastError != Errno.EAGAIN)
                    outlet.Waiting.Clear();
                return;
            }

            _sent += sent;
            outlet.Offsets[place] = offset + sent;
            outlet.Lane.Mail.Sent(offset + sent);
            outlet.Waiting.Dequeue();
            if (sent < next.Left)
                outlet.PutBack((next.Message, next.Left - (int)sent));
        }
    }

    // The way to one lane: what it was sent on each of its descriptors, and what waits for room.
    private sealed class Outlet(IoLane lane, int[] writers)
    {
        public IoLane Lane => lane;

        public int[] Writers => writers;

        public long[] Offsets { get; } = new long[writers.Length];

        public Queue<(int Message, int Left)> Waiting { get; private set; } = new();

        public bool IsRead => lane.State == LaneState.Running;

        public bool IsBehind => Waiting.Count > 0 && IsRead;

        // Of the message that goes first.
        public int Writer => writers[lane.Mail.PlaceOf(Waiting.Peek().Message)];

        public void PutBack((int Message, int Left) rest) => Waiting = new([rest, .. Waiting]);
    }
}
