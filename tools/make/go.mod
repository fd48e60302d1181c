// Small programs of the GNUmakefile that need nothing but the standard library.
module terraform-provider-aigateway/tools/make

go 1.25.8
