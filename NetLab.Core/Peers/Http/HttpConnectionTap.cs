using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace NetLab.Core.Peers;

/// <summary>Makes the connection of one hop, listens to it, and tells its steps with their times.</summary>
/// <param name="hop">Whose.</param>
/// <param name="specification">What was asked for.</param>
/// <param name="clock">The kernel's clock.</param>
/// <param name="tell">Gets each step when it is over.</param>
/// <param name="progress">Called whenever something happens.</param>
/// <param name="reader">Hears of the bytes; null for nobody.</param>
internal sealed class HttpConnectionTap(HttpHop hop, HttpRequestSpecification specification, Func<Timestamp> clock, Action<HttpStep> tell, Action progress, IHttpRunReader? reader) : IStreamTap
{
    private readonly Lock _gate = new();
    private Socket? _socket;
    private Timestamp _begun, _connected, _firstSent, _lastSent, _firstReceived, _lastReceived, _closing, _closed;
    private string _ending = "";
    private bool _isRequestTold, _hasEnded;

    /// <summary>The phase that goes on.</summary>
    public HttpPhase Phase { get; private set; } = HttpPhase.Resolve;

    /// <summary>What is wrong with the server's certificate; empty for nothing.</summary>
    public string CertificateFault { get; private set; } = "";

    /// <summary>Finds the host's addresses and connects to the first that takes it.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken stop)
    {
        var addresses = await ResolveAsync(stop).ConfigureAwait(false);
        Phase = HttpPhase.Connect;
        var begun = _begun = clock();
        for (int place = 0; ; place++)
        {
            bool isUnix = addresses[place].AddressFamily == AddressFamily.Unix;
            var socket = new Socket(addresses[place].AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            try
            {
                if (!isUnix)
                    socket.NoDelay = true;
                hop.Tuple = new FourTuple(default, PeerSockets.EndpointOf(addresses[place]));
                await ConnectAsync(socket, addresses[place], stop).ConfigureAwait(false);
                _socket = socket;
                hop.Tuple = new FourTuple(PeerSockets.EndpointOf(socket.LocalEndPoint), PeerSockets.EndpointOf(socket.RemoteEndPoint));
                reader?.Connected(hop, (int)socket.Handle);
                tell(new HttpStep(HttpPhase.Connect, begun, _connected - begun, $"{hop.Tuple.Local} → {hop.Tuple.Remote}{(place == 0 ? "" : $", address {place + 1} of {addresses.Length}; those before it did not answer")}"));
                progress();
                (Phase, _begun) = (hop.Url.Scheme == "https" ? HttpPhase.Tls : HttpPhase.Request, clock());
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (place + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Listens to what HttpClient reads and writes: within TLS, if there is TLS.</summary>
    public ValueTask<Stream> Listen(Stream plaintext)
    {
        if (plaintext is SslStream tls)
        {
            string who = tls.RemoteCertificate is { } certificate ? $", {new X509Certificate2(certificate).GetNameInfo(X509NameType.SimpleName, false)}" : "";
            Tell(HttpPhase.Tls, _begun, $"{tls.SslProtocol switch { System.Security.Authentication.SslProtocols.Tls13 => "TLS 1.3", System.Security.Authentication.SslProtocols.Tls12 => "TLS 1.2", var other => $"{other}" }}, "
                + $"{tls.NegotiatedCipherSuite}{who}{(CertificateFault.Length == 0 ? "" : $" ({CertificateFault})")}");
        }

        (Phase, _begun) = (HttpPhase.Request, clock());
        return ValueTask.FromResult<Stream>(new TappedStream(plaintext, _socket!, this));
    }

    /// <summary>Looks at the server's certificate.</summary>
    public bool Accept(X509Chain? chain, SslPolicyErrors faults)
    {
        if (faults != SslPolicyErrors.None)
            CertificateFault = Describe(chain, faults);
        return faults == SslPolicyErrors.None || specification.Certificates == HttpCertificates.Any;
    }

    /// <summary>The response has come to its end.</summary>
    public void EndResponse(string what)
    {
        Phase = HttpPhase.Close;
        TellRequest();
        var begun = _lastSent > _begun ? _lastSent : _begun;
        tell(new HttpStep(HttpPhase.Response, begun, (_lastReceived > begun ? _lastReceived : begun) - begun, what + (_firstReceived > begun ? $", first byte after {_firstReceived - begun}" : "")));
    }

    /// <summary>The request ends where it is.</summary>
    public void Fail(string why)
    {
        if (Phase > HttpPhase.Request)
            TellRequest();
        var begun = Phase == HttpPhase.Response && _lastSent > _begun ? _lastSent : _begun;
        var end = Phase == HttpPhase.Connect && _connected > begun ? _connected : clock();
        tell(new HttpStep(Phase, begun, end - begun, why) { IsFailed = true });
    }

    /// <summary>Tells of the end of the connection, once it is closed.</summary>
    public void EndConnection()
    {
        if (_ending.Length > 0)
            tell(new HttpStep(HttpPhase.Close, _closing, _closed - _closing, _ending));
    }

    public void Goes(ReadOnlySpan<byte> bytes)
    {
        hop.Sent.Append(bytes);
        var now = clock();
        reader?.Passed(hop, now, Direction.Sent, bytes);
        if (_firstSent == default)
            _firstSent = now;
    }

    public void Gone()
    {
        _lastSent = clock();
        if (Phase == HttpPhase.Request)
            Phase = HttpPhase.Response;
        progress();
    }

    public void Came(ReadOnlySpan<byte> bytes)
    {
        var now = clock();
        if (bytes.IsEmpty)
        {
            _hasEnded = true;
        }
        else
        {
            hop.Received.Append(bytes);
            reader?.Passed(hop, now, Direction.Received, bytes);
            if (_firstReceived == default)
                _firstReceived = now;
            _lastReceived = now;
        }

        TellRequest();
        progress();
    }

    public void Closing(Socket socket)
    {
        _closing = clock();
        int unread = 0;
        try
        {
            unread = socket.Available;
            _hasEnded = _hasEnded || (unread == 0 && socket.Poll(0, SelectMode.SelectRead));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            _hasEnded = true; // reset
        }

        // Who sends the first FIN waits in TIME_WAIT; bytes that nobody read make a reset of it.
        _ending = unread > 0 ? $"{unread} bytes unread: the kernel resets the connection"
            : _hasEnded ? "server closed first: TIME_WAIT is there" : "this side closed first: TIME_WAIT is here";
    }

    public void Closed() => _closed = clock();

    private async ValueTask<EndPoint[]> ResolveAsync(CancellationToken stop)
    {
        var begun = _begun = clock();
        if (specification.Rehearsal is { } place)
        {
            tell(new HttpStep(HttpPhase.Resolve, begun, clock() - begun, ""));
            return [place];
        }

        if (hop.Url.Address is { } address)
        {
            tell(new HttpStep(HttpPhase.Resolve, begun, default, "not needed: the host is an address"));
            return [new IPEndPoint(address, hop.Url.Port)];
        }

        var found = await System.Net.Dns.GetHostAddressesAsync(hop.Url.Host, stop).ConfigureAwait(false);
        var end = clock();
        if (found.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        string more = found.Length > 4 ? $" and {found.Length - 4} more" : "";
        tell(new HttpStep(HttpPhase.Resolve, begun, end - begun, $"{hop.Url.Host} is {string.Join(", ", found.Take(4).Select(one => IpAddress.From(one).ToString()))}{more}"));
        progress();
        return [.. found.Select(one => new IPEndPoint(one, hop.Url.Port))];
    }

    // The moment is taken before anything is thrown: the runtime takes longer for that than loopback to refuse.
    private async ValueTask ConnectAsync(Socket socket, EndPoint to, CancellationToken stop)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var call = new SocketAsyncEventArgs { RemoteEndPoint = to };
        call.Completed += (_, _) =>
        {
            _connected = clock();
            done.SetResult();
        };
        if (socket.ConnectAsync(call))
        {
            await using var stopping = stop.Register(() => Socket.CancelConnectAsync(call)).ConfigureAwait(false);
            await done.Task.ConfigureAwait(false);
        }
        else
        {
            _connected = clock();
        }

        stop.ThrowIfCancellationRequested();
        if (call.SocketError != SocketError.Success)
            throw new SocketException((int)call.SocketError);
    }

    private void TellRequest()
    {
        lock (_gate)
        {
            if (_isRequestTold || _firstSent == default)
                return;
            _isRequestTold = true;
        }

        tell(new HttpStep(HttpPhase.Request, _firstSent, _lastSent > _firstSent ? _lastSent - _firstSent : default, $"{hop.Method} {hop.Url.Target}, {hop.Sent.Length} bytes"));
    }

    private void Tell(HttpPhase phase, Timestamp begun, string detail)
    {
        tell(new HttpStep(phase, begun, clock() - begun, detail));
        progress();
    }

    private static string Describe(X509Chain? chain, SslPolicyErrors faults)
    {
        if (faults.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "there is none";
        var states = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        return states.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it is not valid now"
            : faults.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "it is for another name"
            : states.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? "nobody whom this machine trusts has signed it"
            : states.HasFlag(X509ChainStatusFlags.PartialChain) ? "who signed it is not known here" : "this machine does not trust it";
    }
}
