using NetLab.Core.Http;
using NetLab.Core.Interop;
using NetLab.Core.Peers;

namespace NetLab.Core.Session;

/// <summary>The HTTP requests of a session, of which one at a time goes on. It belongs to one thread.</summary>
public sealed class HttpSession : IDisposable
{
    /// <summary>How many requests are kept.</summary>
    public const int Bound = 20;

    private readonly Func<Timestamp> _clock;
    private readonly Recorder _recorder;
    private readonly List<HttpRun> _runs = [];
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    /// <summary>A session without requests.</summary>
    /// <param name="journal">Where their bytes go.</param>
    /// <param name="clock">The kernel's clock.</param>
    public HttpSession(Journal journal, Func<Timestamp> clock)
    {
        _clock = clock;
        _recorder = new Recorder(new PeerRecorder(journal, clock, "http"));
        Packets = new HttpPackets(journal);
    }

    /// <summary>The packets that carried them.</summary>
    public HttpPackets Packets { get; }

    /// <summary>The requests, the oldest first.</summary>
    public IReadOnlyList<HttpRun> Runs => _runs;

    /// <summary>Asks; a request that goes on is stopped.</summary>
    public HttpRun Ask(HttpRequestSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        Stop();
        if (UrlAnatomy.TryRead(specification.Url, out _) is { } url)
            Packets.Begin((ushort)url.Port);
        if (_runs.Count == Bound)
            _runs.RemoveAt(0);
        var run = new HttpRun(specification, _clock, _recorder);
        _runs.Add(run);
        var stop = _stop = new CancellationTokenSource();
        _running = Task.Run(() => HoldAsync(run, stop.Token));
        return run;
    }

    /// <summary>Stops the request that goes on; returns when it has ended.</summary>
    public void Stop()
    {
        _stop?.Cancel();
        _running.Wait();
        _stop?.Dispose();
        _stop = null;
    }

    /// <summary>Stops everything.</summary>
    public void Dispose() => Stop();

    private static async Task HoldAsync(HttpRun run, CancellationToken stop)
    {
        try
        {
            await run.RunAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was stopped; what it has done up to then stays.
        }
    }

    // The client's end is known as any program's: whose socket it is, and every byte.
    private sealed class Recorder(PeerRecorder recorder) : IHttpRunReader
    {
        private readonly NameId _client = recorder.Intern("http client"), _socket = recorder.Intern("socket");

        public void Began(HttpHop hop)
        {
        }

        public void Stepped(HttpHop hop, HttpStep step)
        {
        }

        public void Ended(HttpHop hop)
        {
        }

        public void Connected(HttpHop hop, int descriptor) =>
            recorder.Owns(_client, _socket, hop.Tuple, descriptor, SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_TCP);

        public void Passed(HttpHop hop, Timestamp time, Direction direction, ReadOnlySpan<byte> bytes) =>
            recorder.Bytes(time, _client, hop.Tuple, -1, direction, bytes);
    }
}
