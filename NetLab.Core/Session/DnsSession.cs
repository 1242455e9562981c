using NetLab.Core.Dns;
using NetLab.Core.Peers;
using NetLab.Core.Resolver;

namespace NetLab.Core.Session;

/// <summary>The walks of a session, what their answers have left in the cache, and the lab's tree, if it runs. It belongs to one thread.</summary>
public sealed class DnsSession : IDisposable
{
    /// <summary>How many walks are kept.</summary>
    public const int Bound = 50;

    private readonly Func<Timestamp> _clock;
    private readonly DnsLab _lab;
    private readonly PeerRecorder _recorder;
    private readonly NameId _resolver;
    private readonly List<DnsWalk> _walks = [];
    private CancellationTokenSource? _stop;
    private Task _walking = Task.CompletedTask;

    /// <summary>A session without walks.</summary>
    /// <param name="journal">Where the lab's bytes go.</param>
    /// <param name="clock">The kernel's clock.</param>
    public DnsSession(Journal journal, Func<Timestamp> clock)
    {
        _clock = clock;
        Packets = new DnsPackets(journal);
        _recorder = new PeerRecorder(journal, clock, "dns");
        _resolver = _recorder.Intern("resolver");
        _lab = new DnsLab(_recorder);
    }

    /// <summary>What answers have left.</summary>
    public DnsCache Cache { get; } = new();

    /// <summary>The packets that carried their messages.</summary>
    public DnsPackets Packets { get; }

    /// <summary>The walks, the oldest first.</summary>
    public IReadOnlyList<DnsWalk> Walks => _walks;

    /// <summary>Whether the lab's tree runs; then walks begin at its root.</summary>
    public bool HasLab { get; private set; }

    /// <summary>The port at which walks ask.</summary>
    public ushort Port => HasLab ? _lab.Port : (ushort)53;

    /// <summary>Starts the lab's tree.</summary>
    /// <returns>Null, or why not.</returns>
    public PeerRefusal? StartLab()
    {
        // Where its own port is taken, perhaps by another NetLab, any other will do.
        var refusal = _lab.Start();
        if (refusal is not null)
            refusal = _lab.Start(0);
        HasLab = refusal is null;
        return refusal;
    }

    /// <summary>Stops the lab's tree; walks begin at the real root again.</summary>
    public void StopLab()
    {
        Stop();
        _lab.Stop();
        HasLab = false;
    }

    /// <summary>Walks from the root; a walk that goes on is stopped.</summary>
    public DnsWalk Walk(DnsQuestion question)
    {
        Stop();
        Packets.Begin(Port);
        if (_walks.Count == Bound)
            _walks.RemoveAt(0);
        var walk = new DnsWalk(question, _clock());
        _walks.Add(walk);
        var stop = _stop = new CancellationTokenSource();
        var settings = new WalkSettings { Port = Port };
        if (HasLab)
            settings = settings with { Root = RootHints.Of(DnsLab.Root.ToIPAddress()) };
        var walker = new IterativeResolver(settings, Cache, _clock, Record);
        _walking = Task.Run(() => walker.RunAsync(walk, stop.Token));
        return walk;
    }

    // Each question and its answer are events as any program's bytes are; from which port, the socket alone knew.
    private void Record(DnsWalkStep step)
    {
        var tuple = new FourTuple(default, step.Address);
        if (!step.Query.IsEmpty)
            _recorder.Bytes(step.Sent, _resolver, tuple, -1, Direction.Sent, step.Query.Span);
        if (!step.Answer.IsEmpty)
            _recorder.Bytes(step.Ended, _resolver, tuple, -1, Direction.Received, step.Answer.Span);
    }

    /// <summary>Stops the walk that goes on; returns when it has ended.</summary>
    public void Stop()
    {
        _stop?.Cancel();
        _walking.Wait();
        _stop?.Dispose();
        _stop = null;
    }

    /// <summary>Stops everything.</summary>
    public void Dispose()
    {
        Stop();
        _lab.Dispose();
    }
}
