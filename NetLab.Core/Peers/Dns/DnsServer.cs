using System.Net.Sockets;
using NetLab.Core.Dns;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Answers queries out of zones: datagrams on threads of its own, streams as every stream server (RFC 7766).</summary>
internal sealed class DnsServer : StreamServer
{
    private const int ReceiveBuffer = 1 << 20, TriesForPort = 16;
    private readonly ZoneSet? _given;
    private readonly int _workers;
    private readonly Lock _gate = new();
    private readonly List<Thread> _threads = [];
    private ZoneResponder? _streams;
    private ResponseRate? _rate;
    private Socket? _datagrams;
    private ZoneSet _zones = new([]);
    private volatile bool _isOver;

    /// <summary>A server of what the specification names.</summary>
    /// <param name="specification">What it is to be.</param>
    /// <param name="recorder">Where its bytes go.</param>
    /// <param name="log">Who reads its log.</param>
    /// <param name="zones">Its zones; null for those of the specification's files.</param>
    /// <param name="workers">How many threads answer datagrams; 0 for as many as the machine has use for.</param>
    public DnsServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log, ZoneSet? zones = null, int workers = 0)
        : base(specification, recorder, log) => (_given, _workers) = (zones, workers > 0 ? workers : Math.Clamp(Environment.ProcessorCount, 1, 4));

    /// <summary>How long a connection may be silent.</summary>
    internal TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(10);

    private protected override PeerRefusal? Begin()
    {
        PeerRefusal? refusal = null;
        if ((_given ?? Zones(out refusal)) is not { } zones)
            return refusal;
        (_zones, _streams, _isOver) = (zones, new ZoneResponder(zones), false);
        // The default does not bind this machine itself: whoever floods it from here could do so without.
        _rate = Specification.Rate is var rate && rate != 0 ? new ResponseRate(rate ?? PeerSpecification.DefaultRate) : null;
        for (int tries = 1; ; tries++)
        {
            if (base.Begin() is { } wrong)
                return wrong;
            _datagrams = PeerSockets.Bind(Specification with { Port = Local.Port }, (byte)SocketConstants.IPPROTO_UDP, out refusal);
            if (_datagrams is not null)
                break;
            base.End();
            // The kernel chose a port for the streams that a datagram socket has already.
            if (Specification.Port != 0 || tries == TriesForPort)
                return refusal;
        }

        _datagrams.ReceiveBufferSize = ReceiveBuffer;
        int descriptor = (int)_datagrams.SafeHandle.DangerousGetHandle();
        Recorder.Owns(NameId, Recorder.Intern("socket"), new FourTuple(Local, default), descriptor, SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_UDP);
        if (Local.Address.IsUnspecified)
            DatagramBatch.TellDestination(descriptor, _datagrams.AddressFamily == AddressFamily.InterNetworkV6);
        for (int index = 0; index < _workers; index++)
        {
            var thread = new Thread(() => AnswerDatagrams(descriptor)) { IsBackground = true, Name = $"dns {index}" };
            _threads.Add(thread);
            thread.Start();
        }

        return null;
    }

    private protected override void End()
    {
        _isOver = true;
        // Closing would not wake a thread that waits in recvmmsg; the end of receiving does.
        if (_datagrams is not null)
            _ = SocketCalls.Shutdown((int)_datagrams.SafeHandle.DangerousGetHandle(), SocketConstants.SHUT_RDWR);
        foreach (var thread in _threads)
            thread.Join();
        _threads.Clear();
        _datagrams?.Dispose();
        _datagrams = null;
        base.End();
    }

    private ZoneSet? Zones(out PeerRefusal? refusal)
    {
        refusal = null;
        return Specification.Zones.Paths.IsEmpty ? DnsLab.Garden : ZoneLoader.Load(Specification.Zones.Paths, out refusal);
    }

    private void AnswerDatagrams(int descriptor)
    {
        using var batch = new DatagramBatch(descriptor);
        var responder = new ZoneResponder(_zones);
        while (!_isOver)
        {
            int count = batch.Receive(out var error);
            // What ICMP says of an earlier answer is that client's loss alone.
            if (count < 0 && error is Errno.EBADF or Errno.ENOTSOCK)
                return;
            var now = Recorder.Now;
            int lost = 0;
            for (int index = 0; index < count; index++)
            {
                var sender = batch.Sender(index);
                if (!sender.IsUnknown)
                    lost += AnswerDatagram(batch, index, new FourTuple(Local, sender), responder, now) ? 0 : 1;
            }

            batch.Send();
            if (lost > 0)
                Log?.Lose(lost);
        }
    }

    // False where the log would have had a line, and was full.
    private bool AnswerDatagram(DatagramBatch batch, int index, in FourTuple tuple, ZoneResponder responder, Timestamp now)
    {
        var query = batch.Datagram(index);
        int descriptor = (int)_datagrams!.SafeHandle.DangerousGetHandle();
        Counting.Datagram();
        Counting.Moved(Direction.Received, query.Length);
        Recorder.Bytes(now, NameId, tuple, descriptor, Direction.Received, query);
        var buffer = batch.Answer;
        int length = responder.Answer(query, buffer, DnsCarrier.Datagram);
        if (length > 0)
            length = Bounded(buffer, length, tuple.Remote.Address, now);
        var answer = buffer[..length];
        bool isFull = Log is { IsFull: true };
        if (Log is not null && !isFull)
            Tell(PeerLogKind.Request, tuple, DnsQueryLine.Of(query, answer, DnsCarrier.Datagram));
        if (length == 0)
            return !isFull;
        Recorder.Bytes(now, NameId, tuple, descriptor, Direction.Sent, answer);
        Counting.Moved(Direction.Sent, length);
        Counting.Answered();
        batch.Add(index, length);
        return !isFull;
    }

    private int Bounded(Span<byte> answer, int length, IpAddress client, Timestamp now)
    {
        if (_rate is null || (Specification.Rate is null && client.IsLoopback))
            return length;
        return _rate.Take(client, now) switch
        {
            RateVerdict.Send => length,
            RateVerdict.CutOff => ZoneResponder.CutOff(answer),
            _ => 0,
        };
    }

    /// <summary>Queries may come without waiting for answers; they are answered in their order (RFC 7766 section 6.2.1.1).</summary>
    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        using var idle = new CancellationTokenSource();
        await using var end = idle.Token.Register(connection.Shutdown).ConfigureAwait(false);
        using var stream = new DnsStream();
        while (true)
        {
            // Silence counts from the last query that was whole: an octet now and then keeps nothing open.
            idle.CancelAfter(IdleLimit);
            if (stream.IsEmpty)
                await connection.WaitAsync().ConfigureAwait(false);
            int count;
            do
            {
                count = await connection.ReceiveAsync(stream.Free).ConfigureAwait(false);
                stream.Received(count);
            }
            while (count > 0 && !stream.HasQuery);
            if (count == 0)
                return;
            while (stream.HasQuery)
            {
                bool isOver = !Answer(stream, connection.Tuple);
                await connection.SendAsync(stream.Answers).ConfigureAwait(false);
                stream.Sent();
                if (isOver)
                    return;
            }
        }
    }

    // False where something came that is no query: where the next one begins is not to be believed then.
    private bool Answer(DnsStream stream, in FourTuple tuple)
    {
        while (stream.TryTake(out var query))
        {
            int length;
            lock (_gate)
                length = _streams!.Answer(query, stream.Answer, DnsCarrier.Stream);
            if (Log is { IsFull: false })
                Tell(PeerLogKind.Request, tuple, DnsQueryLine.Of(query, stream.Answer[..length], DnsCarrier.Stream));
            if (length == 0)
                return false;
            stream.Add(length);
            Counting.Answered();
        }

        return true;
    }
}
