// Small programs of the GNUmakefile that need nothing but the standard library.
module github.com/aigateway/terraform-provider-aigateway/tools/make

go 1.25.8
