Console.WriteLine("dlens-repro");
