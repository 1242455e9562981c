using System.Globalization;

namespace NetLab.Core.Peers;

/// <summary>How far a peer is.</summary>
public enum PeerState
{
    /// <summary>It was not started, or was stopped.</summary>
    Stopped,

    /// <summary>A client is on its way to be connected.</summary>
    Connecting,

    /// <summary>It listens, or is connected.</summary>
    Running,

    /// <summary>It has done what it was to do (a client whose server closed).</summary>
    Ended,

    /// <summary>It could not start, or ended by a fault: <see cref="Peer.Refusal"/> says why.</summary>
    Failed,
}

/// <summary>
/// A server or client that stays. Its work runs on the thread pool; starting, stopping and restarting it is for one thread at a time, all else may be asked from
/// any. It may be started again after it was stopped, ended or failed.
/// </summary>
public abstract class Peer : IDisposable
{
    private volatile PeerState _state;
    private volatile PeerRefusal? _refusal;
    private int _connectionsNamed;

    private protected Peer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log)
    {
        (Specification, Recorder, Log) = (specification, recorder, log);
        (Name, NameId) = ($"{Facts.Name}:{specification.Port}", default);
    }

    /// <summary>A peer of the kind that the specification names; nothing is started yet.</summary>
    /// <param name="specification">What it is to be.</param>
    /// <param name="recorder">Where its bytes go.</param>
    /// <param name="log">Who reads its log; null for nobody.</param>
    public static Peer Create(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(recorder);
        return specification.Kind switch
        {
            PeerKind.Hello => new HelloServer(specification, recorder, log),
            PeerKind.Framed => new FramedServer(specification, recorder, log),
            PeerKind.Echo => new EchoServer(specification, recorder, log),
            PeerKind.Discard => new DiscardServer(specification, recorder, log),
            PeerKind.Chargen => new ChargenServer(specification, recorder, log),
            PeerKind.UdpEcho => new UdpEchoServer(specification, recorder, log),
            PeerKind.Http => new HttpServer(specification, recorder, log),
            PeerKind.Dns => new DnsServer(specification, recorder, log),
            PeerKind.Connect => new StreamClient(specification, recorder, log),
            PeerKind.FramedClient => new FramedClient(specification, recorder, log),
            PeerKind.HttpLoad or PeerKind.EchoLoad => new LoadClient(specification, recorder, log),
            _ => throw new ArgumentOutOfRangeException(nameof(specification)),
        };
    }

    /// <summary>What it was told to be.</summary>
    public PeerSpecification Specification { get; }

    /// <summary>What is to be known of its kind.</summary>
    public PeerKindFacts Facts => Specification.Kind.Facts();

    /// <summary>Its name in the journal (the actor of its events): <see cref="Alias"/>, or its kind and port, "echo:8007".</summary>
    public string Name { get; private set; }

    /// <summary>
    /// What a script calls it; set before it starts. Then its connections are numbered as an actor's sockets are ("connection.2"), which those of a server that
    /// stays are not, since names are never forgotten.
    /// </summary>
    public string? Alias { get; set; }

    /// <summary>How far it is.</summary>
    public PeerState State => _state;

    /// <summary>Why it did not start or ended by itself; null where nothing went wrong.</summary>
    public PeerRefusal? Refusal => _refusal;

    /// <summary>Where it listens, or the client's own end; unknown before it was started.</summary>
    public Endpoint Local { get; private protected set; }

    /// <summary>The server that a client is connected to; unknown for a server.</summary>
    public Endpoint Remote { get; private protected set; }

    /// <summary>When it was started last.</summary>
    public Timestamp Started { get; private set; }

    /// <summary>What it has done since then; cheap enough to ask for every frame.</summary>
    public virtual PeerCounters Counters => Counting.Now;

    /// <summary>Whether it runs or is about to.</summary>
    public bool IsUp => _state is PeerState.Running or PeerState.Connecting;

    /// <summary>
    /// Binds and listens, and goes on in the background; a client connects there, too, so that nobody waits for a host that does not answer. A server's host
    /// that is a name is resolved here.
    /// </summary>
    /// <returns>Null, or why not; the same is then in <see cref="Refusal"/>, as is what a client meets later.</returns>
    public PeerRefusal? Start()
    {
        if (IsUp)
            return null;
        End();
        (Counting, Started, _refusal) = (new PeerCounting(), Recorder.Now, null);
        // Before the work begins, so that a peer that ends at once stays ended.
        _state = Facts.Role == PeerRole.Client ? PeerState.Connecting : PeerState.Running;
        var refusal = Specification.Mistake() is { } mistake ? new PeerRefusal(PeerObstacle.Usage, mistake) : Begin();
        if (refusal is not null)
            (_refusal, _state) = (refusal, PeerState.Failed);
        return refusal;
    }

    /// <summary>Closes its socket and every connection; returns when nothing of it is left.</summary>
    public void Stop()
    {
        End();
        if (IsUp)
            _state = PeerState.Stopped;
    }

    /// <summary>Stops and starts; the counters begin at 0.</summary>
    public PeerRefusal? Restart()
    {
        Stop();
        return Start();
    }

    /// <summary>Stops it.</summary>
    public void Dispose()
    {
        Stop();
        GC.SuppressFinalize(this);
    }

    private protected PeerRecorder Recorder { get; }

    private protected IPeerLog? Log { get; }

    private protected PeerCounting Counting { get; private set; } = new();

    private protected NameId NameId { get; private set; }

    /// <summary>Binds or connects, and begins the work.</summary>
    private protected abstract PeerRefusal? Begin();

    /// <summary>Ends the work and waits for its end. It may come without a beginning.</summary>
    private protected abstract void End();

    /// <summary>Says what port it got.</summary>
    private protected void Named(Endpoint local, ushort port)
    {
        Local = local;
        Name = Alias ?? $"{Facts.Name}:{port}";
        _connectionsNamed = 0;
        NameId = Recorder.Intern(Name);
    }

    /// <summary>The name of the next connection that a server accepts.</summary>
    private protected NameId NameConnection()
    {
        int number = Alias is null ? 1 : Interlocked.Increment(ref _connectionsNamed);
        return Recorder.Intern(number == 1 ? "connection" : string.Create(CultureInfo.InvariantCulture, $"connection.{number}"));
    }

    /// <summary>Says that a client is connected.</summary>
    private protected void Connected() => _state = PeerState.Running;

    /// <summary>Says that it has ended by itself.</summary>
    private protected void Finished(PeerRefusal? why)
    {
        _refusal = why;
        _state = why is null ? PeerState.Ended : PeerState.Failed;
    }

    private protected void Tell(PeerLogKind kind, in FourTuple tuple, string text = "", int status = 0, long received = 0, long sent = 0) =>
        Log?.Write(new PeerLogEntry(Recorder.Now, kind, tuple, text, status, received, sent));
}
