using NetLab.Benchmarks;

return args is ["kernel", ..] ? KernelBenchmark.Run(args.AsSpan(1), Console.Out) : 2;
