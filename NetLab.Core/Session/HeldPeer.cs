using NetLab.Core.Peers;

namespace NetLab.Core.Session;

/// <summary>A peer of a <see cref="PeerGroup"/>: what it is told to do is done one after another in the background.</summary>
public sealed class HeldPeer
{
    /// <summary>How many seconds of rates are kept.</summary>
    public const int Seconds = 60;

    private readonly Action _changed;
    private readonly double[] _received = new double[Seconds], _sent = new double[Seconds];
    private PeerCounters _before;
    private int _waiting;

    internal HeldPeer(Peer peer, Action changed) => (Peer, _changed) = (peer, changed);

    /// <summary>The peer.</summary>
    public Peer Peer { get; }

    /// <summary>What it was told to be.</summary>
    public PeerSpecification Specification => Peer.Specification;

    /// <summary>Whether it is being started or stopped now.</summary>
    public bool IsBusy => Volatile.Read(ref _waiting) > 0;

    /// <summary>Whether the last that it was told is to stop.</summary>
    public bool IsToStop { get; private set; }

    /// <summary>Whether it runs, starts or stops.</summary>
    public bool IsUp => IsBusy || Peer.IsUp;

    /// <summary>The port by which its connections are known: the server's, its own or that it connects to; 0 while that is not known.</summary>
    public ushort Port => Specification.Port != 0 ? Specification.Port : IsBusy ? (ushort)0 : Peer.Local.Port;

    /// <summary>Bytes a second that came, the newest last, in steps of <see cref="PeerGroup.Pace"/>.</summary>
    public ReadOnlySpan<double> Received => _received;

    /// <summary>Bytes a second that went, the newest last.</summary>
    public ReadOnlySpan<double> Sent => _sent;

    /// <summary>Whether nothing came or went in all of that time.</summary>
    public bool IsSilent => !_received.AsSpan().ContainsAnyExcept(0) && !_sent.AsSpan().ContainsAnyExcept(0);

    /// <summary>Starts it, unless it runs.</summary>
    public void Start()
    {
        IsToStop = false;
        Do(peer => peer.Start());
    }

    /// <summary>Stops it.</summary>
    public void Stop()
    {
        IsToStop = true;
        Do(peer => peer.Stop());
    }

    /// <summary>Stops it and starts it again, with counters from 0.</summary>
    public void Restart()
    {
        IsToStop = false;
        Do(peer => peer.Restart());
    }

    /// <summary>Ends when everything that it was told is done.</summary>
    internal Task Work { get; private set; } = Task.CompletedTask;

    private void Do(Action<Peer> what)
    {
        Interlocked.Increment(ref _waiting);
        Work = Work.ContinueWith(_ =>
        {
            try
            {
                what(Peer);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
                _changed();
            }
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    internal void Sample(Duration since)
    {
        var now = Peer.Counters;
        // A restart begins at 0 again.
        if (now.BytesReceived < _before.BytesReceived || now.BytesSent < _before.BytesSent)
            _before = default;
        Add(_received, (now.BytesReceived - _before.BytesReceived) / since.Seconds);
        Add(_sent, (now.BytesSent - _before.BytesSent) / since.Seconds);
        _before = now;
    }

    private static void Add(double[] rates, double rate)
    {
        rates.AsSpan(1).CopyTo(rates);
        rates[^1] = rate;
    }
}
